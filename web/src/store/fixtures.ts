/** Logs for tests: small, deterministic, of the shapes that the server sends. */
import type { Chat, ChatEvent, Message } from '../protocol/wire'

export const ANA = '0190a000-0000-7000-8000-0000000000aa'
export const BETO = '0190a000-0000-7000-8000-0000000000bb'

const AT = '2026-01-01T00:00:00.000Z'

export function idOf(number: number): string {
  return `0190a000-0000-7000-9000-${String(number).padStart(12, '0')}`
}

export function messageAt(chatId: string, seq: number, changed: Partial<Message> = {}): Message {
  return {
    chat_id: chatId,
    seq,
    n: seq,
    message_id: idOf(seq),
    sender_id: BETO,
    kind: 'text',
    body: { text: `mensaje ${seq}` },
    created_at: AT,
    revision: 1,
    deleted: false,
    file_ids: [],
    mentions: [],
    reactions: [],
    ...changed,
  }
}

/** A new message at that place of a log that has nothing else. */
export function eventAt(chatId: string, seq: number, changed: Partial<Message> = {}): ChatEvent {
  const data = messageAt(chatId, seq, changed)
  return {
    type: 'event',
    kind: 'message.new',
    chat_id: chatId,
    seq,
    n: data.n,
    actor_id: data.sender_id,
    at: AT,
    data,
  }
}

export function chatOf(chatId: string, changed: Partial<Chat> = {}): Chat {
  return {
    chat_id: chatId,
    kind: 'group',
    title: 'Redes',
    topic: '',
    role: 'member',
    seq: 0,
    n: 0,
    read_n: 0,
    mentions: 0,
    member_count: 2,
    settings: { history: 'all', post: 'members', receipts: true },
    level: 'all',
    pinned: false,
    archived: false,
    updated_at: AT,
    ...changed,
  }
}

/** Deterministic dice in [0, 1): the same seed, the same game. */
export function dice(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** 1 to `length` as a bad line brings them: some lost, some twice, neighbours exchanged. */
export function shuffled(seed: number, length: number): { picks: number[]; random: () => number } {
  const random = dice(seed)
  const picks = Array.from({ length }, (_, index) => index + 1).flatMap((seq) => {
    const luck = random()
    return luck < 0.15 ? [] : luck < 0.3 ? [seq, seq] : [seq]
  })
  for (let at = 1; at < picks.length; at += 1) {
    const other = Math.max(0, at - Math.floor(random() * 4))
    const [left, right] = [picks[other] ?? 0, picks[at] ?? 0]
    picks[other] = right
    picks[at] = left
  }
  return { picks, random }
}
