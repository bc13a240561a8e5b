// The runner's own tests: above all, that what is wrong in a collection cannot pass.
//
//   node --test Tests/Collection

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { runCollection } from './runner.mjs'

let server, baseUrl

/** Echoes the request as JSON; /status/NNN answers with that status, /moved redirects. */
function answer(request, response) {
    const chunks = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
        const status = Number(/^\/status\/(\d+)/.exec(request.url)?.[1] ?? 200)
        if (request.url === '/moved') return response.writeHead(307, { Location: '/here' }).end()
        response.writeHead(status, { 'Content-Type': 'application/json', 'X-Number': '7' })
        const { method, url, headers } = request
        const body = Buffer.concat(chunks).toString()
        response.end(JSON.stringify({ method, url, headers, body, list: [1, 2] }))
    })
}

before(async () => {
    server = http.createServer(answer)
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    baseUrl = `http://127.0.0.1:${server.address().port}`
})
after(() => server.close())

function collectionOf(...items) {
    return { info: {}, variable: [{ key: 'seed', value: 'from-collection' }], item: items }
}

function request(script, { url = '{{baseUrl}}/echo', ...rest } = {}) {
    return {
        name: 'a request',
        request: { method: 'POST', url, ...rest },
        event: [{ listen: 'test', script: { exec: script.split('\n') } }],
    }
}

async function run(...items) {
    const results = []
    const summary = await runCollection(collectionOf(...items), {
        environment: { baseUrl },
        report: (result) => results.push(result),
    })
    const checks = results.flatMap((result) => result.checks)
    const errors = checks.filter((check) => check.error).map((check) => check.error.message)
    return { ...summary, results, errors }
}

describe('a right expectation passes', () => {
    const rows = [
        'pm.expect(3).to.equal(3)',
        'pm.expect(3).to.not.equal(4)',
        'pm.expect({a: [1, {b: 2}]}).to.eql({a: [1, {b: 2}]})',
        'pm.expect(pm.response.json().list).to.eql([1, 2])',
        'pm.expect({a: {b: 1}}).to.have.deep.property("a", {b: 1})',
        'pm.expect({a: {b: 1}}).to.have.property("a").that.has.property("b", 1)',
        'pm.expect("text").to.be.a("string").and.include("ex")',
        'pm.expect([1, 2]).to.be.an("array").that.includes(2)',
        'pm.expect(2).to.be.above(1).and.below(3).and.be.at.least(2).and.at.most(2)',
        'pm.expect(2).to.be.within(1, 3)',
        'pm.expect("abc").to.match(/^a/)',
        'pm.expect({a: 1, b: 2}).to.have.keys("b", "a")',
        'pm.expect({a: 1, b: 2}).to.have.any.keys("b", "z")',
        'pm.expect({a: 1, b: 2}).to.have.all.keys(["a", "b"])',
        'pm.expect({a: 1, b: 2}).to.include({a: 1})',
        'pm.expect([1, 2]).to.have.lengthOf(2)',
        'pm.expect([2, 1]).to.have.members([1, 2])',
        'pm.expect(1).to.be.oneOf([1, 2])',
        'pm.expect(4).to.satisfy(Number.isInteger)',
        'pm.expect(true).to.be.true; pm.expect(null).to.be.null; pm.expect([]).to.be.empty',
        'pm.response.to.have.status(200); pm.response.to.be.ok; pm.response.to.be.json',
        'pm.response.to.have.header("x-number", "7"); pm.response.to.not.have.header("Nope")',
        'pm.response.to.have.jsonBody("url", "/echo")',
        'pm.expect(pm.response.responseTime).to.be.below(5000)',
    ]
    for (const row of rows) {
        it(row, async () => {
            const { passed, errors } = await run(request(`pm.test("it", () => { ${row} })`))
            assert.deepEqual(errors, [])
            assert.equal(passed, 1)
        })
    }
})

describe('a wrong expectation fails', () => {
    const rows = [
        ['pm.expect(3).to.equal(4)', /expected 3 to equal 4/],
        ['pm.expect(3).to.not.equal(3)', /expected 3 not to equal 3/],
        ['pm.expect("3").to.equal(3)', /expected "3" to equal 3/],
        ['pm.expect({a: 1}).to.equal({a: 1})', /to equal/],
        ['pm.expect({a: 1}).to.eql({a: 1, b: 2})', /deeply equal/],
        ['pm.expect([1, 2]).to.eql([2, 1])', /deeply equal/],
        ['pm.expect({a: 1}).to.have.property("b")', /have property 'b'/],
        ['pm.expect({a: 1}).to.have.property("a", 2)', /of 2/],
        ['pm.expect(null).to.be.an("object")', /type object/],
        ['pm.expect("10").to.be.above(9)', /expected a number/],
        ['pm.expect(undefined).to.not.be.above(9)', /expected a number/],
        ['pm.expect(5).to.be.below(5)', /below 5/],
        ['pm.expect("abc").to.match(/^b/)', /match/],
        ['pm.expect({a: 1, b: 2}).to.have.keys("a")', /keys/],
        ['pm.expect([1, 1]).to.have.members([1, 2])', /members/],
        ['pm.expect([1]).to.have.lengthOf(2)', /length 2/],
        ['pm.expect(0).to.be.ok', /truthy/],
        ['pm.expect(false).to.exist; pm.expect(null).to.exist', /present/],
        ['pm.expect(1, "the one").to.equal(2)', /^the one: expected/],
        ['pm.response.to.have.status(201)', /status 200 OK to be 201/],
        ['pm.response.to.be.clientError', /4xx/],
        ['pm.response.to.have.header("Nope")', /Nope/],
        ['pm.response.to.have.header("X-Number", "8")', /"8"/],
        ['pm.response.to.have.jsonBody("url", "/other")', /member url/],
    ]
    for (const [row, message] of rows) {
        it(row, async () => {
            const { passed, failed, errors } = await run(request(`pm.test("it", () => { ${row} })`))
            assert.deepEqual([passed, failed], [0, 1])
            assert.match(errors[0], message)
        })
    }
})

describe('what tests nothing is an error', () => {
    const inTest = (row) => `pm.test("it", () => { ${row} })`
    const rows = [
        [inTest('pm.expect(3).to.be.tru'), /unknown matcher 'tru'/],
        [inTest('pm.expect(3).to.equall(3)'), /unknown matcher 'equall'/],
        [inTest('pm.expect(3).to.not.be.abov(4)'), /unknown matcher 'abov'/],
        [inTest('pm.expect(3).to.equal'), /never reaches a matcher/],
        [inTest('pm.expect(3).to.be'), /never reaches a matcher/],
        [inTest('pm.expect(3)'), /never reaches a matcher/],
        [inTest('pm.response.to.have.stat(200)'), /unknown matcher 'stat'/],
        [inTest('pm.response.to.have.status'), /never reaches a matcher/],
        [inTest('pm.response.statusCode'), /pm.response.statusCode is not supported/],
        [inTest('pm.expect(1).to.not.be.a("integer")'), /unknown type/],
        [inTest('nothing.at.all'), /not defined/],
        ['pm.test("no function")', /needs a function/],
        ['pm.expect(1).to.equal(2)', /expected 1/],
        ['pm.tets("it", () => {})', /pm.tets is not supported/],
        ['this is no JavaScript', /Unexpected/],
        ['while (true) {}', /timed out/],
        ['pm.test("later", async () => { await null; pm.expect(1).to.equal(2) })', /expected 1/],
        ['', /has no check/],
    ]
    for (const [script, message] of rows) {
        it(script || 'no script', async () => {
            const { passed, failed, errors } = await run(request(script))
            assert.deepEqual([passed, failed], [0, 1])
            assert.match(errors[0], message)
        })
    }

    const good = 'pm.test("it", () => pm.expect(1).to.equal(1))'
    const requests = [
        [request(good, { url: '{{nowhere}}/x' }), /unknown variable \{\{nowhere\}\}/],
        [request(good, { url: '{{baseUrl}}/{{$randomColor}}' }), /unknown variable/],
        [request(good, { body: { mode: 'graphql' } }), /body mode 'graphql'/],
        [request(good, { auth: { type: 'digest' } }), /auth type 'digest'/],
        [request(good, { url: 'http://127.0.0.1:1/' }), /ECONNREFUSED/],
    ]
    for (const [item, message] of requests) {
        it(`refuses ${message}`, async () => {
            const { failed, errors } = await run(item)
            assert.equal(failed, 1)
            assert.match(errors[0], message)
        })
    }
})

describe('a request is sent as the collection says', () => {
    const passing = 'pm.test("it", () => pm.response.to.be.success)'
    const urlOf = async (rest, prerequest = '') => {
        const item = request(passing, rest)
        item.event.push({ listen: 'prerequest', script: { exec: [prerequest] } })
        const { errors, results } = await run(item)
        assert.deepEqual(errors, [])
        return results[0].url
    }

    it('builds the URL from its parts, path variables and query', async () => {
        const url = {
            raw: 'ignored', host: ['{{baseUrl}}'], path: ['users', ':id'],
            variable: [{ key: 'id', value: '{{seed}}' }],
            query: [{ key: 'limit', value: '2' }, { key: 'off', value: '1', disabled: true }],
        }
        assert.equal(await urlOf({ url }), `${baseUrl}/users/from-collection?limit=2`)
    })

    it('lets a pre-request script set variables', async () => {
        const prerequest = 'pm.variables.set("x", "set-{{seed}}")'
        const url = await urlOf({ url: '{{baseUrl}}/{{x}}' }, prerequest)
        assert.equal(url, `${baseUrl}/set-from-collection`)
    })

    const sent = (expectation) =>
        `pm.test("sent", () => { const sent = pm.response.json(); ${expectation} })`
    const bearer = (value) => ({ type: 'bearer', bearer: [{ key: 'token', value }] })
    const authorizationIs = (value) => `pm.expect(sent.headers.authorization).to.equal("${value}")`
    const json = { raw: { language: 'json' } }
    const rows = [
        ['a body, its variables filled in', { body: { mode: 'raw', raw: '["{{seed}}"]' } },
            'pm.expect(sent.body).to.equal(\'["from-collection"]\')'],
        ['the content type of a JSON body', { body: { mode: 'raw', raw: '{}', options: json } },
            'pm.expect(sent.headers["content-type"]).to.equal("application/json")'],
        ['a header of the request before the default', {
            header: [{ key: 'Content-Type', value: 'text/csv' }],
            body: { mode: 'raw', raw: 'a,b' },
        },
            'pm.expect(sent.headers["content-type"]).to.equal("text/csv")'],
        ['a bearer token', { auth: bearer('{{seed}}') }, authorizationIs('Bearer from-collection')],
        ['auth before a header of the same name', {
            header: [{ key: 'authorization', value: 'x' }], auth: bearer('t'),
        }, authorizationIs('Bearer t')],
        ['no auth where the request has none', {
            header: [{ key: 'Authorization', value: 'x' }], auth: { type: 'noauth' },
        }, authorizationIs('x')],
        ['no header for an empty token', { auth: bearer('') },
            'pm.expect(sent.headers).to.not.have.property("authorization")'],
        ['a fresh UUID', { header: [{ key: 'X-Key', value: '{{$guid}}' }] },
            'pm.expect(sent.headers["x-key"]).to.match(/^[0-9a-f-]{36}$/)'],
        ['a redirect that keeps the method', { url: '{{baseUrl}}/moved' },
            'pm.expect(sent.url).to.equal("/here"); pm.expect(sent.method).to.equal("POST")'],
    ]
    for (const [name, rest, expectation] of rows) {
        it(name, async () => {
            const { errors } = await run(request(sent(expectation), rest))
            assert.deepEqual(errors, [])
        })
    }

    it('does not follow a redirect when told so', async () => {
        const script = 'pm.test("it", () => pm.response.to.have.status(307))'
        const item = request(script, { url: '{{baseUrl}}/moved' })
        item.protocolProfileBehavior = { followRedirects: false }
        const { errors } = await run(item)
        assert.deepEqual(errors, [])
    })

    it('inherits scripts and auth from the folders around it', async () => {
        const folder = {
            name: 'folder',
            auth: bearer('outer'),
            event: [{ listen: 'test', script: { exec: [passing] } }],
            item: [request(sent(authorizationIs('Bearer outer')))],
        }
        const { passed, errors } = await run(folder)
        assert.deepEqual([passed, errors], [2, []])
    })
})

describe('the command', () => {
    const good = request('pm.test("it", () => pm.expect(1).to.equal(1))')
    const bad = request('pm.test("it", () => pm.expect(1).to.equal(2))')
    const rows = [
        ['ends 0 when all is well', [good], 0, /1 requests: 1 passed, 0 failed/],
        ['ends 1 on a failed check', [good, bad], 1, /2 requests: 1 passed, 1 failed/],
        ['ends 1 when nothing ran', [], 1, /0 requests: 0 passed, 0 failed/],
    ]
    for (const [name, items, code, output] of rows) {
        it(name, async () => {
            const result = await command(items, '--base-url', baseUrl)
            assert.equal(result.code, code)
            assert.match(result.stdout, output)
        })
    }

    it('ends 64 when called wrongly', async () => {
        assert.equal((await command([good], '--nonsense')).code, 64)
    })
})

async function command(items, ...options) {
    const folder = await mkdtemp(path.join(tmpdir(), 'collection-'))
    try {
        const file = path.join(folder, 'collection.json')
        await writeFile(file, JSON.stringify(collectionOf(...items)))
        const script = fileURLToPath(new URL('run.mjs', import.meta.url))
        return await new Promise((resolve) => {
            execFile(process.execPath, [script, file, ...options], (error, stdout, stderr) => {
                resolve({ code: error?.code ?? 0, stdout, stderr })
            })
        })
    } finally {
        await rm(folder, { recursive: true })
    }
}
