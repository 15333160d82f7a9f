import type { ChatRow } from '../../store/contract.ts'

type Given = Partial<Omit<ChatRow, 'chat'>> & { chat?: Partial<ChatRow['chat']> }

/** A line of the list for tests: what matters is given, the rest is plain. */
export function chatRow(chat_id: string, { chat = {}, ...row }: Given = {}): ChatRow {
  return {
    chat_id,
    chat: {
      chat_id,
      kind: 'group',
      title: row.title ?? '',
      topic: '',
      role: 'member',
      seq: 0,
      n: 0,
      read_n: 0,
      mentions: 0,
      member_count: 2,
      settings: {},
      level: 'all',
      pinned: false,
      archived: false,
      updated_at: '2026-11-23T10:00:00Z',
      ...chat,
    },
    title: '',
    peer: null,
    unread: 0,
    mentions: 0,
    preview: null,
    draft: null,
    typing: [],
    muted: false,
    activity_at: '2026-11-23T10:00:00Z',
    ...row,
  }
}
