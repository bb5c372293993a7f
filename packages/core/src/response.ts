/** The parts of a response other than its body. */
export interface ResponseHead {
  readonly status: number
  readonly statusText?: string
  readonly headers: Headers
  readonly url?: string
  readonly redirected?: boolean
}

/**
 * A `Response` whose body is a text that is in memory already. It reads without a stream, which is what makes rewritten
 * and cached answers cheaper than the real thing; `body` is a stream all the same for whoever asks for it.
 */
export function textResponse(text: string, head: ResponseHead): Response {
  return new TextResponse(text, head) as unknown as Response
}

/** The typings declare `Response`'s methods as fields, which a subclass could not override with methods. */
const BodylessResponse = Response as unknown as new (body: null, init: ResponseInit) => Pick<Response, 'headers'>

class TextResponse extends BodylessResponse {
  readonly #text: string
  #body: ReadableStream<Uint8Array<ArrayBuffer>> | undefined
  #used = false

  constructor(text: string, head: ResponseHead) {
    super(null, { status: head.status, statusText: head.statusText ?? '' })
    this.#text = text
    keepHead(this as unknown as Response, head)
  }

  get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    this.#body ??= new ReadableStream(
      {
        pull: (controller) => {
          this.#used = true
          controller.enqueue(Buffer.from(this.#text))
          controller.close()
        },
        cancel: () => {
          this.#used = true
        },
      },
      { highWaterMark: 0 },
    )
    return this.#body
  }

  get bodyUsed(): boolean {
    return this.#used
  }

  async text(): Promise<string> {
    if (this.#used || this.#body?.locked) throw new TypeError('Body is unusable: Body has already been read')
    this.#used = true
    return this.#text
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text()) as unknown
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new TextEncoder().encode(await this.text())
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer
  }

  async blob(): Promise<Blob> {
    return new Blob([await this.text()], { type: this.headers.get('content-type') ?? '' })
  }

  async formData(): Promise<FormData> {
    return new Response(await this.text(), { headers: this.headers }).formData()
  }

  clone(): TextResponse {
    if (this.#used || this.#body?.locked) throw new TypeError('Response.clone: Body has already been consumed.')
    return new TextResponse(this.#text, { ...headOf(this as unknown as Response), headers: new Headers(this.headers) })
  }
}

/** A `Response` over `body` that is otherwise the one that `head` describes. */
export function streamResponse(body: ReadableStream<Uint8Array> | null, head: ResponseHead): Response {
  const { status, statusText = '' } = head
  return keepHead(new StreamedResponse(body, { status, statusText }) as Response, head)
}

const PlainResponse = Response as unknown as new (body: ReadableStream<Uint8Array> | null, init: ResponseInit) => object

/** The head of these lies in own properties, of which the built-in methods that need one know nothing. */
class StreamedResponse extends PlainResponse {
  clone(): Response {
    const self = this as unknown as Response
    const { body } = Response.prototype.clone.call(self)
    return streamResponse(body as ReadableStream<Uint8Array> | null, {
      ...headOf(self),
      headers: new Headers(self.headers),
    })
  }

  async blob(): Promise<Blob> {
    const self = this as unknown as Response
    return new Blob([await self.arrayBuffer()], { type: self.headers.get('content-type') ?? '' })
  }

  async formData(): Promise<FormData> {
    const self = this as unknown as Response
    return new Response(await self.arrayBuffer(), { headers: self.headers }).formData()
  }
}

/** A response whose body passes as it is read, and is told as text to `onEnd` when it is over, broken or left. */
export function tappedResponse(
  response: Response,
  onEnd: (end: { readonly text: string } | { readonly error: unknown }) => void,
): Response {
  const { body } = response
  if (!body || response.bodyUsed || body.locked) {
    onEnd({ text: '' })
    return response
  }
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (!done) {
            chunks.push(value)
            return controller.enqueue(value)
          }
        } catch (error) {
          reader.releaseLock()
          onEnd({ error })
          throw error
        }
        reader.releaseLock()
        onEnd({ text: Buffer.concat(chunks).toString() })
        controller.close()
      },
      async cancel(reason) {
        onEnd({ error: undefined })
        try {
          await reader.cancel(reason)
        } finally {
          reader.releaseLock()
        }
      },
    },
    { highWaterMark: 0 },
  )
  return streamResponse(stream, headOf(response))
}

export function headOf(response: Response): ResponseHead {
  const { status, statusText, headers, url, redirected } = response
  return { status, statusText, headers, url, redirected }
}

/** Makes a response show the very `headers` object and address of another: SDK errors expose and compare them. */
function keepHead<R extends Response>(response: R, head: ResponseHead): R {
  Object.defineProperty(response, 'headers', { value: head.headers, configurable: true })
  if (head.url) Object.defineProperty(response, 'url', { value: head.url, configurable: true })
  if (head.redirected) Object.defineProperty(response, 'redirected', { value: true, configurable: true })
  if (head.url) Object.defineProperty(response, 'type', { value: 'basic', configurable: true })
  return response
}
