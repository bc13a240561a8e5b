#!/usr/bin/env node
// Runs a Postman collection v2.1 against a server, on Node's standard library alone.
//
//   node run.mjs COLLECTION [--base-url URL] [--env-var NAME=VALUE]... [--quiet]
//
// Ends 0 when every check passed and at least one ran, 1 otherwise, 64 when called wrongly.

import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { ScriptError } from './chain.mjs'
import { runCollection } from './runner.mjs'

const usage = 'usage: node run.mjs COLLECTION [--base-url URL] [--env-var NAME=VALUE]... [--quiet]'

function readArguments() {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: {
            'base-url': { type: 'string' },
            'env-var': { type: 'string', multiple: true, default: [] },
            quiet: { type: 'boolean', default: false },
        },
    })
    if (positionals.length !== 1) throw new Error('name one collection')
    const environment = Object.fromEntries(values['env-var'].map((pair) => {
        const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? []
        if (name === undefined) throw new Error(`--env-var needs NAME=VALUE, not '${pair}'`)
        return [name, value]
    }))
    const baseUrl = values['base-url']
    if (baseUrl !== undefined) environment.baseUrl = baseUrl.replace(/\/$/, '')
    return { file: positionals[0], environment, isQuiet: values.quiet }
}

function describe(result) {
    const answer = result.code === undefined ? 'no answer' : `${result.code}  ${result.time} ms`
    const lines = ['', result.path.join(' / '), `  ${result.method} ${result.url ?? ''}  ${answer}`]
    for (const { name, error } of result.checks) {
        const verdict = error instanceof ScriptError ? 'ERROR' : 'FAIL '
        lines.push(error ? `    ${verdict}  ${name}: ${error.message}` : `    ok     ${name}`)
    }
    return lines.join('\n')
}

async function main() {
    let invocation
    try {
        invocation = readArguments()
    } catch (error) {
        console.error(`${error.message}\n${usage}`)
        return 64
    }
    const collection = JSON.parse(await readFile(invocation.file, 'utf8'))
    const summary = await runCollection(collection, {
        environment: invocation.environment,
        report: (result) => {
            const isWorthALine = !invocation.isQuiet || result.checks.some((check) => check.error)
            if (isWorthALine) console.log(describe(result))
        },
    })
    const { requests, passed, failed } = summary
    console.log(`\n${requests} requests: ${passed} passed, ${failed} failed`)
    return failed === 0 && passed > 0 ? 0 : 1
}

process.exitCode = await main()
