// By itself, because OpenSearch's client takes longer to load than all the rest.
export { type OpenSearchIndex, openSearchIndex } from './search/openSearchIndex.ts'
export { type SetUpOptions, setUp } from './search/setUp.ts'
