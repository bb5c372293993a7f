export function redisEnvironment(announce?: (line: string) => void): Record<string, string>
export function setup(): void
