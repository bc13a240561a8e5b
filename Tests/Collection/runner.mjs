// Walks a collection v2.1 in order: folders, requests, scripts.
//
// What Postman tolerates and we do not: an unknown matcher, an unknown variable, a request
// without a single check, an expectation without a matcher. Each is a failure here, because
// in a test all of them mean "nothing was tested".

import http from 'node:http'
import { ScriptError } from './chain.mjs'
import { resolveRequest, send } from './request.mjs'
import { runScript } from './sandbox.mjs'
import { Variables } from './variables.mjs'

/**
 * Runs `collection` with `environment` (an object that wins over the collection's variables).
 *
 * `report` is told of every request:
 * `{ path, method, url, code, time, checks: [{ name, error? }] }`.
 * Gives `{ requests, passed, failed }`.
 */
export async function runCollection(collection, { environment = {}, report = () => {} } = {}) {
    const variables = new Variables(variablesOf(collection), environment)
    const agent = new http.Agent({ keepAlive: true })
    const summary = { requests: 0, passed: 0, failed: 0 }
    try {
        for (const step of steps(collection)) {
            const result = await runStep(step, variables, agent)
            summary.requests += 1
            for (const check of result.checks) summary[check.error ? 'failed' : 'passed'] += 1
            report(result)
        }
    } finally {
        agent.destroy()
    }
    return summary
}

function variablesOf(collection) {
    return Object.fromEntries((collection.variable ?? []).map(({ key, value }) => [key, value]))
}

/** Every request with what it inherits from the folders around it, outermost first. */
function* steps(node, path = [], events = [], auth = undefined) {
    const ownEvents = [...events, ...(node.event ?? [])]
    const ownAuth = node.auth ?? auth
    for (const item of node.item ?? []) {
        const ownPath = [...path, item.name]
        if (item.item) {
            yield* steps(item, ownPath, ownEvents, ownAuth)
        } else {
            const events = [...ownEvents, ...(item.event ?? [])]
            yield { item, path: ownPath, events, auth: ownAuth }
        }
    }
}

async function runStep({ item, path, events, auth }, variables, agent) {
    const result = { path, method: item.request?.method ?? 'GET', checks: [] }
    const base = { name: item.name, variables, request: { method: result.method, url: '' } }
    try {
        result.checks.push(...await runScripts('prerequest', events, base))
        const request = resolveRequest(item.request, auth, variables)
        result.url = request.url
        const followRedirects = item.protocolProfileBehavior?.followRedirects ?? true
        const answer = await send(request, { followRedirects, agent })
        result.code = answer.code
        result.time = answer.time
        const checks = await runScripts('test', events, { ...base, request, answer })
        if (checks.length === 0) throw new ScriptError('the request has no check')
        result.checks.push(...checks)
    } catch (error) {
        result.checks.push({ name: 'the request runs', error })
    }
    return result
}

async function runScripts(listen, events, context) {
    const checks = []
    for (const event of events.filter((candidate) => candidate.listen === listen)) {
        const source = [event.script?.exec ?? []].flat().join('\n')
        checks.push(...await runScript(source, context))
    }
    return checks
}
