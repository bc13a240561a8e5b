// Runs one script of the collection with its `pm`, and notes what it checked.

import vm from 'node:vm'
import { ScriptError } from './chain.mjs'
import { makeExpect } from './expect.mjs'
import { makeResponse, strict } from './response.mjs'

const timeoutInMilliseconds = 5_000

/**
 * Runs `source` and gives its checks, `[{ name, error? }]`. An error outside of every pm.test
 * is a failed check of its own.
 *
 * `context` is `{ name, iteration, variables, request, answer? }`; without an answer there is no
 * pm.response, as in a pre-request script.
 */
export async function runScript(source, context) {
    const run = { checks: [], pending: [], openChains: new Set() }
    try {
        const sandbox = vm.createContext({ pm: makePM(context, run), console })
        vm.runInContext(source, sandbox, { timeout: timeoutInMilliseconds })
        await Promise.all(run.pending)
        refuseDangling(run.openChains)
    } catch (error) {
        run.checks.push({ name: 'the script runs', error })
    }
    return run.checks
}

function makePM({ name, iteration = 0, variables, request, answer }, run) {
    const pm = {
        info: strict({ requestName: name, iteration, iterationCount: 1 }, 'pm.info'),
        request: strict({ method: request.method, url: request.url }, 'pm.request'),
        variables,
        environment: variables.environment,
        collectionVariables: variables.collection,
        globals: variables.globals,
        expect: makeExpect(run.openChains),
        test: (title, body) => { run.pending.push(check(title, body, run)) },
    }
    if (answer) pm.response = makeResponse(answer, run.openChains)
    return strict(pm, 'pm')
}

async function check(name, body, run) {
    // Its place in the report is where it began, also when it waits for something.
    const entry = { name }
    run.checks.push(entry)
    try {
        if (typeof body !== 'function') throw new ScriptError('pm.test needs a function')
        const result = body()
        if (typeof result?.then === 'function') await result
        refuseDangling(run.openChains)
    } catch (error) {
        entry.error = error instanceof Object ? error : new Error(String(error))
        run.openChains.clear()
    }
}

function refuseDangling(openChains) {
    if (openChains.size === 0) return
    openChains.clear()
    throw new ScriptError('an expectation that never reaches a matcher')
}
