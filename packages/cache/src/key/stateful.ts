/**
 * Whether a request is to be stored at the provider, runs in the background there, or goes on from what is stored there:
 * an earlier response, a conversation, a container, a saved item, a saved prompt of which no version is named.
 */
export function isStateful(request: Readonly<Record<string, unknown>>): boolean {
  const { store, background, previous_response_id: previous, conversation, container, prompt, input } = request
  return (
    store === true ||
    background === true ||
    isGiven(previous) ||
    isGiven(conversation) ||
    isGiven(container) ||
    isMovingPrompt(prompt) ||
    (Array.isArray(input) && input.some(isSavedItem))
  )
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** A prompt that is kept at the provider, at whatever version is current. */
function isMovingPrompt(value: unknown): boolean {
  return isRecord(value) && 'id' in value && !isGiven(value['version'])
}

function isSavedItem(item: unknown): boolean {
  return isRecord(item) && item['type'] === 'item_reference'
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
