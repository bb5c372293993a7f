/** The models of the demo, all of the embedded provider; only their names are those of real ones. */
export const models = {
  /** Asked first, by the cascade. */
  cheap: 'gpt-5-nano',
  /** Answers what the cheap one cannot. */
  strong: 'gpt-5-mini',
  /** Answers when the strong one is down, in the dialect of another provider. */
  standIn: 'claude-haiku-4-5',
} as const
