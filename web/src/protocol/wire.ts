/** The generated shapes under the names that the client uses; nothing is declared twice. */
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Chat = Schemas['Chat']
export type ChatSettings = Schemas['ChatSettings']
export type ChatKind = Chat['kind']
export type ChatRole = Chat['role']
export type Level = Chat['level']
export type Registration = Schemas['ServerInfo']['registration']
export type Member = Schemas['MemberEntry']
export type Message = Schemas['Message']
export type Quote = Schemas['Quote']
export type Origin = Schemas['Origin']
export type Pin = Schemas['Pin']
export type Revision = Schemas['Revision']
export type Block = Schemas['Block']
export type Preferences = Schemas['Preferences']
export type Reaction = Schemas['Reaction']
export type ReactionEntry = Schemas['ReactionEntry']
/** Another person, as everyone may see them. */
export type User = Schemas['Profile']
/** Oneself. */
export type Me = Schemas['User']
export type ServerRole = Me['role']
export type Locale = Me['locale']
/** How one wants to be told of what one misses. */
export type NotificationSettings = Schemas['NotificationSettings']
export type Device = Schemas['Session']
export type Invite = Schemas['Invite']
export type InvitePreview = Schemas['InvitePreview']

export type ClientFrame = Schemas['ClientFrame']
export type ServerFrame = Schemas['ServerFrame']
export type ChatEvent = Schemas['ChatEvent']
export type UserEvent = Schemas['UserEvent']
export type Hello = Schemas['Hello']
export type Welcome = Schemas['Welcome']
export type View = Schemas['View']
export type Head = Schemas['Head']
export type DigestEntry = Schemas['DigestEntry']
export type SyncResult = Schemas['SyncResult']
export type PresenceEntry = Schemas['PresenceEntry']
export type PresenceState = PresenceEntry['state']

export type Scheduled = Schemas['Scheduled']
export type ScheduledUpdate = Schemas['ScheduledUpdate']
export type Sent = Schemas['Sent']
export type Changed = Schemas['Changed']
export type ReadState = Schemas['ReadState']
export type ViewState = Schemas['ViewState']

export type Voice = Schemas['Voice']
/** A file as everybody sees it who may; nothing of it ever changes. */
export type SentFile = Schemas['File'] & { alt?: string }
export type FileKind = SentFile['kind']
export type UploadCreation = Schemas['Reservation'] & { alt?: string }
export type UploadState = Schemas['Upload']
export type FileUsage = Schemas['Usage']
export type GalleryEntry = Schemas['ChatFile'] & { file: SentFile }
export type GalleryPage = Schemas['ChatFilePage']
