/** Makes something when it is asked for first, and gives the same from then on. */
export const once = <T>(build: () => T): (() => T) => {
  let built: { value: T } | undefined
  return () => {
    built ??= { value: build() }
    return built.value
  }
}
