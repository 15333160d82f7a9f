import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { compress } from './scripts/compress.ts'
import { hoverOnly } from './scripts/hover-only.ts'
import { iconSprite } from './scripts/icon-sprite.ts'
import { noHydration } from './scripts/no-hydration.ts'
import { ownPreload } from './scripts/own-preload.ts'
import { shellAssets } from './scripts/shell-assets.ts'

const server = process.env['UPTC_DEV_SERVER'] ?? 'http://127.0.0.1:8000'

/** What is there before any other part is asked for, but for these two. */
const THERE = /\/(?:first|home|rolldown-runtime)-[^/]+$/
const AT_FIRST = /\/(?:home|es\.entry)-[^/]+$/
const FIRST = /\/first-[^/]+$/

export default defineConfig(({ command }) => ({
  plugins: [svelte(), noHydration(), iconSprite(), ownPreload(), compress(['first', 'home']), shellAssets()],
  css: { postcss: { plugins: [hoverOnly()] } },
  // The server serves the committed files of public/ itself; only the development server copies that.
  publicDir: command === 'serve' ? '../src/uptc_messenger/public' : false,
  build: {
    outDir: '../src/uptc_messenger/public/app',
    emptyOutDir: true,
    target: ['chrome109', 'safari16.4', 'firefox115'],
    manifest: true,
    // data: URLs are not allowed by the content security policy.
    assetsInlineLimit: 0,
    modulePreload: {
      polyfill: false,
      // Every part names what it needs, each name with a hash that nothing makes shorter: not what is there.
      resolveDependencies: (wanted, needed) =>
        needed.filter((file) => !(AT_FIRST.test(wanted) ? FIRST : THERE).test(file)),
    },
    rolldownOptions: {
      input: { app: 'index.html', sw: 'src/sw.ts' },
      output: {
        entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash:7].js'),
        chunkFileNames: 'assets/[name]-[hash:7].js',
        assetFileNames: 'assets/[name]-[hash:7][extname]',
        // Pieces compress worse, and each is a request.
        codeSplitting: {
          groups: [
            {
              name: 'first',
              test: /\/src\/main\.ts$|\/parts\/(Link|Notice)\.svelte$|\/ui\/fold\.ts$/,
            },
            { name: 'account', test: /\/entry\/account\.ts$|\/parts\/(?:Field\.svelte|faults\.ts)$/ },
            { name: 'live', test: /\/store\/(live|copying|later|room|search)\.ts$/ },
            { name: 'home', test: /\/ui\/Home\.svelte$/ },
            { name: 'parts', test: /\/ui\/files\/parts\.ts$/ },
            {
              name: 'seldom',
              test: /\/(seldom|gesture-parts|writing|shortcuts)\.ts$|\/(ConnectionBanner|Gone|LeftLines)\.svelte$/,
            },
            {
              name: 'notes',
              test: /\/(news|telling|push|offering|noting|turning)\.ts$|\/OfferNotes\.svelte$/,
            },
            {
              name: 'media',
              test: /\/files\/(attach|shrink|zoom|fingers)\.ts$|\/(Tray|Viewer|VoiceRecorder|PlayerBar)\.svelte$/,
            },
            {
              name: 'menus',
              test: /\/(ChatMenu|MessageMenu|EmojiMenu|CompletionList|Confirm|Find|SelectionBar|NotMembers)\.svelte$|\/(saved|blocking|summary)\.ts$/,
            },
            { name: 'windows', test: /\/(Dialogs|Beside|Dialog)\.svelte$|\/(sharing|replies|focus)\.ts$/ },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    port: 9250,
    strictPort: true,
    proxy: { '/api': { target: server, ws: true } },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
    restoreMocks: true,
    // What hangs is found all the same; what is slow on a busy machine is no failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A worker for each file costs more than all the tests in it.
    isolate: false,
  },
  // Vitest would otherwise resolve Svelte to its server build.
  resolve: process.env['VITEST'] === undefined ? {} : { conditions: ['browser'] },
}))
