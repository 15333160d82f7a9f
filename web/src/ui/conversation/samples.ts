import type { MessageItem, NoticeItem, PendingItem } from '../../store/contract.ts'

/** Rows for tests: what matters is given, the rest is plain. */
export function messageItem(
  n: number,
  sender: string,
  at: string,
  more: Partial<MessageItem['message']> = {},
): MessageItem {
  return {
    type: 'message',
    key: `m${n}`,
    mine: sender === 'me',
    mentions_me: false,
    change: null,
    message: {
      chat_id: 'chat',
      seq: n,
      n,
      message_id: `m${n}`,
      sender_id: sender,
      kind: 'text',
      body: { text: `text ${n}` },
      file_ids: [],
      mentions: [],
      created_at: at,
      revision: 1,
      deleted: false,
      reactions: [],
      ...more,
    },
  }
}

export function pendingItem(key: string, at: string): PendingItem {
  return {
    type: 'pending',
    key,
    text: 'text',
    reply_to: null,
    forwarded_from: null,
    files: [],
    send_at: null,
    created_at: at,
    state: 'sending',
    code: null,
  }
}

export function noticeItem(seq: number, at: string, notice: NoticeItem['notice'], actor = 'ana'): NoticeItem {
  return { type: 'notice', key: `n${seq}`, seq, at, actor_id: actor, notice }
}
