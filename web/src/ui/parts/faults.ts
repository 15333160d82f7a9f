/** Where a form was refused: the first field that says why takes the focus, and comes into sight with it. */
export function focusFault(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
}
