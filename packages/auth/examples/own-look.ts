import { serve } from '@hono/node-server'
import { createAuth } from '@miachat/auth'
import { honoAuth } from '@miachat/auth/hono'
import { html, htmlDocument, type Layout, noticeBox } from '@miachat/auth/views'
import { Hono } from 'hono'

const { PORT = '3000', DATABASE = 'sqlite::memory:', SECRET_KEY = '' } = process.env

const layout: Layout = (page) =>
  htmlDocument(page, {
    siteName: 'Tea House',
    stylesheet: '/tea.css',
    scripts: [],
    body: html`<body>
<header><a href="/">Tea House</a> ${page.user === null ? 'Welcome, stranger' : `Welcome, ${page.user.username}`}</header>
<main id="main">${noticeBox(page.notice)}${page.body}</main>
</body>`,
  })

const auth = await createAuth({
  database: DATABASE,
  secret: SECRET_KEY,
  baseUrl: `http://localhost:${PORT}`,
  layout: () => layout,
})

const app = new Hono()
app.use(honoAuth(auth).routes)
app.get('/', (c) => c.text('Everybody may read this.'))
app.get('/tea.css', (c) => c.body('body { background: #f4efe4; }', 200, { 'content-type': 'text/css' }))
serve({ fetch: app.fetch, port: Number(PORT) })
