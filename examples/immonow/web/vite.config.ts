/** How the site is built: every script, style and picture is a file of its own with a hash in its name, nothing is inline. */
import react from '@vitejs/plugin-react'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

/** A site that is being served stays whole while it is built again: old files go after the new ones came. */
const removeOldAssets: Plugin = {
  name: 'remove-old-assets',
  apply: 'build',
  writeBundle({ dir = '' }, bundle) {
    for (const file of readdirSync(join(dir, 'assets')))
      if (!(`assets/${file}` in bundle)) rmSync(join(dir, 'assets', file))
  },
}

export default defineConfig({
  plugins: [react(), removeOldAssets],
  build: {
    target: 'es2022',
    emptyOutDir: false,
    // Neither inline data nor inline scripts: the backend's CSP allows files of its own origin alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:3000' } },
})
