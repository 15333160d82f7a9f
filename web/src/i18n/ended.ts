/** A sentence that ends with a time, which may have a full stop of its own: «p. m.» */
export const ended = (when: string) => `${when}.`.replace(/\.\.$/, '.')
