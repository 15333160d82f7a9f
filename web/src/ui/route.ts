/** Where the person is. The secret of a link stands in the fragment, so that no server log sees it. */
export type Route =
  | { name: 'home' }
  | { name: 'chat'; chatId: string; seq: number | null }
  | { name: 'signIn' }
  | { name: 'register' }
  | { name: 'join'; secret: string }
  | { name: 'owner'; code: string }
  | { name: 'reset'; code: string }
  | { name: 'share' }

const CHAT = /^\/c\/([0-9a-f-]{36})(?:\/m\/([1-9]\d{0,15}))?$/

/** Reads an address; one that nobody knows is home. */
export function parseRoute(path: string, hash = ''): Route {
  const chat = CHAT.exec(path)
  if (chat !== null)
    return { name: 'chat', chatId: chat[1] ?? '', seq: chat[2] === undefined ? null : Number(chat[2]) }
  return entryRoute(path, hash.replace(/^#/, '')) ?? { name: 'home' }
}

function entryRoute(path: string, secret: string): Route | null {
  switch (path) {
    case '/login':
      return { name: 'signIn' }
    case '/register':
      return { name: 'register' }
    case '/join':
      return { name: 'join', secret }
    case '/owner':
      return { name: 'owner', code: secret }
    case '/share':
      return { name: 'share' }
    case '/reset':
      return { name: 'reset', code: secret }
    default:
      return null
  }
}

/** The address of a chat, or of one of its messages. */
export function chatPath(chatId: string, seq: number | null = null): string {
  return seq === null ? `/c/${chatId}` : `/c/${chatId}/m/${seq}`
}
