// `pm.response`: what came back, and the matchers that Postman hangs on it.

import { chain, ScriptError, show } from './chain.mjs'
import { isDeepEqual } from './expect.mjs'

const inClass = (words, low, high) => (response) => ({
    holds: response.code >= low && response.code <= high,
    expected: `be ${words}`,
    about: `status ${response.code}`,
})
const isCode = (code) => inClass(String(code), code, code)

const present = (value, about) => ({ holds: value !== undefined, expected: 'be present', about })

function status(response, [wanted]) {
    const about = `status ${response.code} ${response.status}`
    const found = typeof wanted === 'number' ? response.code : response.status
    return { holds: found === wanted, expected: `be ${show(wanted)}`, about }
}

function header(response, argumentsOfCall) {
    const [name, wanted] = argumentsOfCall
    const value = response.headers.get(name)
    const about = `header ${name} (${show(value)})`
    if (argumentsOfCall.length === 1) return present(value, about)
    return { holds: value === wanted, expected: `be ${show(wanted)}`, about }
}

function body(response, argumentsOfCall) {
    const text = response.text()
    if (argumentsOfCall.length === 0) return present(text || undefined, 'the body')
    const [wanted] = argumentsOfCall
    return { holds: text === wanted, expected: `be ${show(wanted)}`, about: show(text) }
}

function jsonBody(response, argumentsOfCall) {
    let value
    try {
        value = response.json()
    } catch {
        // No JSON at all: exactly what this matcher is there to report.
        return { holds: false, expected: 'be JSON', about: show(response.text()) }
    }
    const shown = show(value)
    if (argumentsOfCall.length === 0) return { holds: true, expected: 'be JSON', about: shown }
    const [path, wanted] = argumentsOfCall
    if (typeof path !== 'string') {
        return { holds: isDeepEqual(value, path), expected: `be ${show(path)}`, about: shown }
    }
    const member = path.split('.').reduce((at, key) => at?.[key], value)
    const about = `member ${path} (${show(member)})`
    if (argumentsOfCall.length === 1) return present(member, about)
    return { holds: isDeepEqual(member, wanted), expected: `be ${show(wanted)}`, about }
}

const vocabulary = {
    flags: ['not'],
    properties: {
        ok: isCode(200),
        accepted: isCode(202),
        badRequest: isCode(400),
        unauthorized: isCode(401),
        forbidden: isCode(403),
        notFound: isCode(404),
        rateLimited: isCode(429),
        info: inClass('1xx', 100, 199),
        success: inClass('2xx', 200, 299),
        redirection: inClass('3xx', 300, 399),
        clientError: inClass('4xx', 400, 499),
        serverError: inClass('5xx', 500, 599),
        error: inClass('4xx or 5xx', 400, 599),
        withBody: (response) => body(response, []),
        json: (response) => ({
            holds: /^application\/(.+\+)?json\b/i.test(response.headers.get('Content-Type') ?? ''),
            expected: 'be JSON',
            about: `content type ${show(response.headers.get('Content-Type'))}`,
        }),
    },
    methods: { status, header, body, jsonBody },
}

/** `answer` is `{ code, status, headers: [[name, value]], body: Buffer, time }`, time in ms. */
export function makeResponse(answer, openChains) {
    const values = (name) => answer.headers
        .filter(([key]) => key.toLowerCase() === String(name).toLowerCase())
        .map(([, value]) => value)
    const response = {
        code: answer.code,
        status: answer.status,
        responseTime: answer.time,
        responseSize: answer.body.length,
        headers: {
            get: (name) => values(name)[0],
            has: (name) => values(name).length > 0,
            all: () => answer.headers.map(([key, value]) => ({ key, value })),
            toObject: () => Object.fromEntries(answer.headers),
        },
        text: () => answer.body.toString('utf8'),
        json: () => JSON.parse(answer.body.toString('utf8')),
    }
    Object.defineProperty(response, 'to', { get: () => chain(response, vocabulary, openChains) })
    return strict(response, 'pm.response')
}

/** Reading a member that is not there is an error: in Postman it may mean what we do not know. */
export function strict(object, name) {
    return new Proxy(object, {
        get(target, member) {
            const isAskedByLanguage = member === 'then' || member === 'toJSON'
            if (typeof member === 'symbol' || isAskedByLanguage) return target[member]
            if (!(member in target)) throw new ScriptError(`${name}.${member} is not supported`)
            return target[member]
        },
    })
}
