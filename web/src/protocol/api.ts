/** The HTTP operations that the client uses, by noun. */
import type { Outcome } from '../store/contract'
import type { Query, Rest } from './rest'
import type { components } from './schema.gen'
import type { Chat, ChatEvent, Device, Invite, InvitePreview, Me, Member, User } from './wire'

type Schemas = components['schemas']
type Answer<T> = Promise<Outcome<T>>

export const PAGE_MAX = 200

interface EventPage {
  events: ChatEvent[]
  to_seq: number
  more: boolean
  reset: boolean
}

export class Api {
  /** For what is asked so rarely that its calls are fetched when they are. */
  readonly rest: Rest

  constructor(rest: Rest) {
    this.rest = rest
  }

  login = (body: Schemas['Login']): Answer<Schemas['LoggedIn']> => this.rest.call('POST', '/auth/login', body)
  register = (body: Schemas['Register']): Answer<Schemas['LoggedIn']> =>
    this.rest.call('POST', '/auth/register', body)
  becomeOwner = (body: Schemas['OwnerClaim']): Answer<Schemas['LoggedIn']> =>
    this.rest.call('POST', '/auth/owner', body)
  reset = (body: Schemas['Reset']): Answer<Schemas['LoggedIn']> => this.rest.call('POST', '/auth/reset', body)
  server = (): Answer<Schemas['ServerInfo']> => this.rest.call('GET', '/server')
  checkCode = (code: string): Answer<Schemas['CodePurpose']> => this.rest.call('POST', '/auth/code', { code })
  /** `last`: the page is going away, and the request goes on without it. */
  logout = (last = false): Answer<void> =>
    this.rest.call('POST', '/auth/logout', undefined, {}, { keepalive: last })
  changePassword = (body: Schemas['PasswordChange']): Answer<Schemas['Renewed']> =>
    this.rest.call('POST', '/auth/password', body)
  devices = (): Answer<{ sessions: Device[] }> => this.rest.call('GET', '/auth/sessions')
  endDevice = (id: string): Answer<void> => this.rest.call('DELETE', `/auth/sessions/${id}`)
  endOtherDevices = (): Answer<void> => this.rest.call('DELETE', '/auth/sessions')

  me = (): Answer<Me> => this.rest.call('GET', '/users/me')
  updateMe = (body: Schemas['ProfileChange']): Answer<Me> => this.rest.call('PATCH', '/users/me', body)
  user = (id: string): Answer<User> => this.rest.call('GET', `/users/${id}`)
  users = (ids: readonly string[]): Answer<Schemas['UserPage']> =>
    this.rest.call('GET', '/users/named', undefined, { ids: ids.join() })
  searchUsers = (q: string, cursor?: string): Answer<Schemas['UserPage']> =>
    this.rest.call('GET', '/users', undefined, { q, cursor })

  chats = (cursor?: string): Answer<Schemas['ChatPage']> =>
    this.rest.call('GET', '/chats', undefined, { limit: PAGE_MAX, cursor })
  chat = (id: string): Answer<Chat> => this.rest.call('GET', `/chats/${id}`)
  createChat = (body: Schemas['ChatCreation']): Answer<Chat> => this.rest.call('POST', '/chats', body)
  updateChat = (id: string, body: Schemas['ChatChange']): Answer<Chat> =>
    this.rest.call('PATCH', `/chats/${id}`, body)
  deleteChat = (id: string): Answer<void> => this.rest.call('DELETE', `/chats/${id}`)
  members = (id: string, cursor?: string): Answer<Schemas['MemberPage']> =>
    this.rest.call('GET', `/chats/${id}/members`, undefined, { limit: PAGE_MAX, cursor })
  setMember = (id: string, user: string, role: Member['role']): Answer<Member> =>
    this.rest.call('PUT', `/chats/${id}/members/${user}`, { role })
  removeMember = (id: string, user: string): Answer<void> =>
    this.rest.call('DELETE', `/chats/${id}/members/${user}`)

  createInvite = (body: unknown): Answer<Invite> => this.rest.call('POST', '/invites', body)
  invites = (cursor?: string): Answer<Schemas['InvitePage']> =>
    this.rest.call('GET', '/invites', undefined, { limit: PAGE_MAX, cursor })
  revokeInvite = (id: string): Answer<void> => this.rest.call('DELETE', `/invites/${id}`)
  previewInvite = (invite: string): Answer<InvitePreview> =>
    this.rest.call('POST', '/invites/preview', { invite })
  acceptInvite = (invite: string): Answer<Schemas['Accepted']> =>
    this.rest.call('POST', '/invites/accept', { invite })

  search = (query: Query): Answer<Schemas['SearchPage']> => this.rest.call('GET', '/search', undefined, query)
  messages = (id: string, bound: Record<string, number>): Answer<Schemas['MessagePage']> =>
    this.rest.call('GET', `/chats/${id}/messages`, undefined, bound)
  events = (id: string, after_seq: number, limit: number): Answer<EventPage> =>
    this.rest.call('GET', `/chats/${id}/events`, undefined, { after_seq, limit })
  origin = (id: string, message: string): Answer<Schemas['Origin']> =>
    this.rest.call('GET', `/chats/${id}/messages/${message}/origin`)
  pins = (id: string): Answer<Schemas['PinPage']> =>
    this.rest.call('GET', `/chats/${id}/pins`, undefined, { limit: PAGE_MAX })
  pin = (id: string, message: string, on: boolean): Answer<Schemas['Changed']> =>
    this.rest.call(on ? 'PUT' : 'DELETE', `/chats/${id}/messages/${message}/pin`)
  reactions = (id: string, message: string, cursor?: string): Answer<Schemas['ReactionPage']> =>
    this.rest.call('GET', `/chats/${id}/messages/${message}/reactions`, undefined, {
      limit: PAGE_MAX,
      cursor,
    })
  revisions = (id: string, message: string): Answer<Schemas['RevisionPage']> =>
    this.rest.call('GET', `/chats/${id}/messages/${message}/revisions`, undefined, { limit: PAGE_MAX })
  putDraft = (id: string, body: Schemas['Draft']): Answer<Schemas['Draft']> =>
    this.rest.call('PUT', `/chats/${id}/draft`, body)
  putPreferences = (id: string, body: Schemas['Preferences']): Answer<Schemas['Preferences']> =>
    this.rest.call('PUT', `/chats/${id}/preferences`, body)
  blocks = (cursor?: string): Answer<Schemas['BlockPage']> =>
    this.rest.call('GET', '/users/me/blocks', undefined, { limit: PAGE_MAX, cursor })
  block = (user: string): Answer<Schemas['Block']> => this.rest.call('PUT', `/users/me/blocks/${user}`)
  unblock = (user: string): Answer<void> => this.rest.call('DELETE', `/users/me/blocks/${user}`)
  receipts = (id: string): Answer<Schemas['ReceiptPage']> =>
    this.rest.call('GET', `/chats/${id}/receipts`, undefined, { limit: PAGE_MAX })
}
