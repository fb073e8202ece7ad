import Hummingbird

/// What Hummingbird keeps for each request, with the size limit of its body.
struct ServerContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let maxUploadSize = 1 << 20

  init(source: Source) { coreContext = CoreRequestContextStorage(source: source) }
}
