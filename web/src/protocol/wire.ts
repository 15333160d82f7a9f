/** The resources and frames of protocol version 1, under the names the client uses. */

export type ChatKind = "direct" | "group" | "channel";
export type ChatRole = "owner" | "admin" | "member" | "guest";
export type ServerRole = "owner" | "admin" | "moderator" | "member" | "guest" | "bot";
export type Level = "all" | "mentions" | "none";
export type PresenceState = "online" | "idle" | "dnd" | "offline";

export interface User {
  user_id: string;
  username: string;
  display_name: string;
  about: string;
  avatar_file_id?: string | null;
}

export interface Me extends User {
  locale: string;
  role: ServerRole;
}

export interface Device {
  session_id: string;
  device: string;
  created_at: string;
  last_seen_at: string;
  current: boolean;
}

export interface Reaction {
  emoji: string;
  count: number;
  mine?: boolean;
}

export interface Quote {
  message_id: string;
  seq: number;
  sender_id: string;
  excerpt: string;
}

export interface Message {
  chat_id: string;
  seq: number;
  n: number;
  message_id: string;
  sender_id: string;
  kind: string;
  body: { text: string } | null;
  reply_to?: Quote | null;
  file_ids: string[];
  mentions: string[];
  created_at: string;
  edited_at?: string | null;
  revision: number;
  deleted: boolean;
  reactions: Reaction[];
}

export interface ChatSettings {
  history: "all" | "joined";
  post: "members" | "admins";
  receipts: boolean;
}

export interface Chat {
  chat_id: string;
  kind: ChatKind;
  title: string;
  topic: string;
  role: ChatRole;
  seq: number;
  n: number;
  read_n: number;
  mentions: number;
  member_count: number;
  settings: ChatSettings;
  last_message?: Message | null;
  level: Level;
  muted_until?: string | null;
  pinned: boolean;
  archived: boolean;
  draft?: { text: string; version: number } | null;
  updated_at: string;
}

export interface Member {
  user_id: string;
  role: ChatRole;
  joined_at: string;
}

export interface Invite {
  invite_id: string;
  invite?: string;
  url?: string;
  chat_ids: string[];
  role: string;
  expires_at?: string | null;
  uses: number;
  max_uses?: number | null;
}

export interface InvitePreview {
  inviter: string;
  chats: { title: string; member_count: number }[];
  role: string;
}
