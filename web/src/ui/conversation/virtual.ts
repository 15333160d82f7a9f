/** The core of virtua, whose own component for Svelte is made for more than one list; its types are kept to itself. */
import * as core from 'virtua/unstable_core'

export type Sizes = [sizes: number[], usual: number]
export type Range = readonly [start: number, end: number]

export interface Layout {
  $findIndex(offset: number): number
  $getLength(): number
  $getItemSize(index: number): number
  $getItemOffset(index: number): number
  $setItemSizes(sizes: readonly (readonly [index: number, size: number])[], viewport: number): void
  /** Of an index alone: it has not been measured. */
  $isSizeEqual(index: number): boolean
}

export interface VirtualStore {
  $dispose(): void
  $getStateVersion(): number
  $getRange(bufferSize: number): Range
  $getItemOffset(index: number): number
  $getScrollOffset(): number
  $isScrolling(): boolean
  $getViewportSize(): number
  $getTotalSize(): number
  $subscribe(target: number, listener: () => void): () => void
  $update(action: number, length: number, shift: boolean): void
}

export interface Driver {
  $observe(container: HTMLElement, scroller: HTMLElement): void
  $dispose(): void
  $observeItem(element: HTMLElement, index: number): () => void
  $scroll(index: number, options: { align?: Align; offset?: number }): Promise<void>
  $effect(): void
}

interface Core {
  ACTION_ITEMS_LENGTH_CHANGE: number
  UPDATE_VIRTUAL_STATE: number
  UPDATE_SCROLL_EVENT: number
  UPDATE_SCROLL_END_EVENT: number
  UPDATE_SIZE_EVENT: number
  createListLayout(length: number, itemSize: number, sizes: Sizes): Layout
  createVirtualStore(layout: Layout): VirtualStore
  createContainerDriver(store: VirtualStore, layout: Layout, horizontal: boolean): Driver
  getScrollSize(store: VirtualStore): number
  /** Lets `layout` be another one, and keeps what is shown in its place. */
  relayout<T>(store: VirtualStore, layout: Relayout<T>, change: T): void
}

interface Relayout<T> {
  $relayout(change: T): boolean
  $getItemOffset(index: number): number
}

type Align = 'start' | 'center' | 'end' | 'nearest'

/** What the owner of the scroll position asks of the list, in pixels. */
export interface VirtualHandle {
  getScrollOffset(): number
  getScrollSize(): number
  getViewportSize(): number
  findItemIndex(offset: number): number
  getItemOffset(index: number): number
  getItemSize(index: number): number
  scrollToIndex(index: number, options: { align?: Align; offset?: number }): void
}

// Named one by one: of a namespace that is handed on whole the build would keep grids and masonry too.
/* eslint-disable @typescript-eslint/no-unsafe-assignment -- the package declares none of their types */
export const virtua: Core = {
  ACTION_ITEMS_LENGTH_CHANGE: core.ACTION_ITEMS_LENGTH_CHANGE,
  UPDATE_VIRTUAL_STATE: core.UPDATE_VIRTUAL_STATE,
  UPDATE_SCROLL_EVENT: core.UPDATE_SCROLL_EVENT,
  UPDATE_SCROLL_END_EVENT: core.UPDATE_SCROLL_END_EVENT,
  UPDATE_SIZE_EVENT: core.UPDATE_SIZE_EVENT,
  createListLayout: core.createListLayout,
  createVirtualStore: core.createVirtualStore,
  createContainerDriver: core.createContainerDriver,
  getScrollSize: core.getScrollSize,
  relayout: core.relayout,
}
/* eslint-enable @typescript-eslint/no-unsafe-assignment */
