declare module 'virtual:icons' {
  /** Address of the sprite; an icon is `#name` inside it. */
  const address: string
  export default address
}
