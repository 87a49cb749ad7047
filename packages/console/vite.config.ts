/** The build of the console: hashed files that any strict content policy allows, put where the hub serves them from. */
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const hub = process.env['KEYTURN_URL'] ?? 'http://127.0.0.1:8180'

export default defineConfig({
  plugins: [react(), tailwind()],
  build: {
    outDir: '../server/dist/console',
    emptyOutDir: true,
    target: 'es2022',
    // The polyfill would be an inline script; every browser that the console runs in knows modules.
    modulePreload: { polyfill: false },
    // Inlined pictures would need data: in the policy.
    assetsInlineLimit: 0,
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  server: { proxy: { '/v1': hub, '/login': hub, '/logout': hub, '/emergency': hub } },
})
