import { plural } from './plural.ts'

const forms = plural('es')

/** What is said inside a conversation beyond its messages: pins, history, search, selection, writing. */
export const talk = {
  sent: {
    image: (n: number) => forms(n, { one: 'Foto', other: `${n} fotos` }),
    video: (n: number) => forms(n, { one: 'Video', other: `${n} videos` }),
    audio: (n: number) => forms(n, { one: 'Audio', other: `${n} audios` }),
    voice: 'Nota de voz',
    files: (n: number) => `${n} archivos`,
  },
  gallery: 'Fotos, archivos y enlaces',
  readers: {
    sent: 'Enviado',
    read: 'Leído',
    by: (n: number) => forms(n, { one: 'Leído por 1 persona', other: `Leído por ${n} personas` }),
  },
  blocked: {
    folded: 'Mensaje de alguien a quien bloqueaste.',
    show: 'Mostrar',
  },
  find: {
    open: 'Buscar en la conversación',
  },
  write: {
    left: (n: number) => forms(n, { one: 'Queda 1 byte', other: `Quedan ${n} bytes` }),
    noFiles: 'Aquí no se pueden enviar archivos.',
    dropHere: 'Suelta los archivos aquí',
    attach: 'Adjuntar archivos',
    record: 'Grabar una nota de voz',
  },
}
