/** What a person is asked before something that cannot be taken back. */
export interface Question {
  title: string
  text: string
  confirm: string
  danger: boolean
}
