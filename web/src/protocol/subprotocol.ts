/** What the socket speaks; the server refuses any other. */
export const SUBPROTOCOL = 'uptc.v1.json'
