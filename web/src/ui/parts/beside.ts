/** Context: the windows inside stand beside the conversation, and do not keep anybody from it. */
export const BESIDE = Symbol('beside')
