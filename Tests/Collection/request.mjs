// From a collection's request to bytes on the wire, and back.

import http from 'node:http'
import https from 'node:https'
import { ScriptError } from './chain.mjs'

const redirects = new Set([301, 302, 303, 307, 308])
const redirectLimit = 10
const timeoutInMilliseconds = 30_000

/** A request of the collection, its variables filled in: `{ method, url, headers, body }`. */
export function resolveRequest(request, inheritedAuth, variables) {
    const source = typeof request === 'string' ? { method: 'GET', url: request } : request
    const fill = (text) => variables.replaceIn(text)
    const headers = (source.header ?? [])
        .filter((header) => !header.disabled)
        .map(({ key, value }) => [fill(key), fill(value)])
    const hasHeader = (name) => headers.some(([key]) => key.toLowerCase() === name)
    const body = resolveBody(source.body, fill)
    if (body?.type && !hasHeader('content-type')) headers.push(['Content-Type', body.type])
    // As in Postman, auth takes the place of an Authorization among the headers.
    const authorization = resolveAuth(source.auth ?? inheritedAuth, fill)
    const kept = headers.filter(([key]) => !authorization || key.toLowerCase() !== 'authorization')
    if (authorization) kept.push(['Authorization', authorization])
    const method = source.method ?? 'GET'
    return { method, url: resolveURL(source.url, fill), headers: kept, body: body?.text }
}

function resolveURL(url, fill) {
    if (typeof url === 'string') return fill(url)
    if (url.host === undefined) return fill(url.raw)
    const path = (url.path ?? []).map((segment) => filledSegment(url, segment)).join('/')
    const query = (url.query ?? [])
        .filter((item) => !item.disabled)
        .map(({ key, value }) => (value == null ? key : `${key}=${value}`))
        .join('&')
    const scheme = url.protocol ? `${url.protocol}://` : ''
    const port = url.port ? `:${url.port}` : ''
    const host = [url.host].flat().join('.')
    return fill(`${scheme}${host}${port}/${path}${query ? `?${query}` : ''}`)
}

function filledSegment(url, segment) {
    if (!segment.startsWith(':')) return segment
    const found = (url.variable ?? []).find((variable) => variable.key === segment.slice(1))
    if (!found) throw new ScriptError(`the URL has no variable '${segment}'`)
    return found.value
}

function resolveBody(body, fill) {
    if (!body || body.disabled) return undefined
    if (body.mode === 'raw') {
        const isJSON = body.options?.raw?.language === 'json'
        return { text: fill(body.raw), type: isJSON ? 'application/json' : 'text/plain' }
    }
    if (body.mode === 'urlencoded') {
        const pairs = body.urlencoded
            .filter((pair) => !pair.disabled)
            .map(({ key, value }) => [fill(key), fill(value)])
        const text = new URLSearchParams(pairs).toString()
        return { text, type: 'application/x-www-form-urlencoded' }
    }
    throw new ScriptError(`body mode '${body.mode}' is not supported`)
}

function resolveAuth(auth, fill) {
    if (!auth || auth.type === 'noauth') return undefined
    if (auth.type !== 'bearer') throw new ScriptError(`auth type '${auth.type}' is not supported`)
    const token = fill(auth.bearer.find((item) => item.key === 'token')?.value ?? '')
    return token === '' ? undefined : `Bearer ${token}`
}

/** Sends, follows redirects unless told not to; gives `{ code, status, headers, body, time }`. */
export async function send(request, { followRedirects = true, agent } = {}) {
    const begin = performance.now()
    let current = request
    for (let hop = 0; hop <= redirectLimit; hop += 1) {
        const answer = await exchange(current, agent)
        const location = answer.headers.find(([name]) => name.toLowerCase() === 'location')?.[1]
        if (!followRedirects || !redirects.has(answer.code) || location === undefined) {
            return { ...answer, time: Math.round(performance.now() - begin) }
        }
        current = redirected(current, answer.code, location)
    }
    throw new Error(`more than ${redirectLimit} redirects`)
}

/** RFC 9110 15.4: 303 (and by custom 301 and 302) turns into GET, 307 and 308 do not. */
function redirected(request, code, location) {
    const url = new URL(location, request.url).href
    const isSafe = request.method === 'GET' || request.method === 'HEAD'
    const keeps = code === 307 || code === 308 || isSafe
    return keeps ? { ...request, url } : { method: 'GET', url, headers: request.headers }
}

function exchange({ method, url, headers, body }, agent) {
    const target = new URL(url)
    const { request: open } = target.protocol === 'https:' ? https : http
    return new Promise((resolve, reject) => {
        const options = { method, agent, timeout: timeoutInMilliseconds }
        const outgoing = open(target, options, (incoming) => {
            const chunks = []
            incoming.on('data', (chunk) => chunks.push(chunk))
            incoming.on('error', reject)
            incoming.on('end', () => resolve({
                code: incoming.statusCode,
                status: incoming.statusMessage,
                headers: pairs(incoming.rawHeaders),
                body: Buffer.concat(chunks),
            }))
        })
        for (const [name, value] of headers) outgoing.setHeader(name, value)
        outgoing.on('timeout', () => {
            outgoing.destroy(new Error(`no answer in ${timeoutInMilliseconds} ms`))
        })
        outgoing.on('error', reject)
        outgoing.end(body)
    })
}

function pairs(flat) {
    return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]])
}
