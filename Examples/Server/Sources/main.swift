// A server that predicts rows with a model of `moult train`; README.md shows how to start it.

import Hummingbird
import Moult

guard (2...3).contains(CommandLine.arguments.count), let port = Int(CommandLine.arguments.dropFirst(2).first ?? "8080")
else { fatalError("usage: Server RUN [PORT], with a run folder or a model file of 'moult train'") }

let model = try TrainedModel(contentsOf: CommandLine.arguments[1])
// One processor is left to the tasks that read and write requests.
let predictor = Predictor(model, passes: 100, threads: max(1, threadCount - 1), maximumBatchSize: 64)

let router = Router(context: ServerContext.self)
router.get("ping") { _, _ in "pong\n" }
router.get("columns") { _, _ in model.columnNames }
router.post("predict") { request, context in
  let rows = try await request.rows(limit: context.maxUploadSize)
  do {
    return Answer(predictions: try await predictor.predict(rows: rows).map(AnsweredRow.init))
  } catch let error as MoultError {
    throw HTTPError(.badRequest, message: error.message)
  } catch let error as QueueFullError {
    throw HTTPError(.serviceUnavailable, headers: [.retryAfter: "1"], message: error.description)
  }
}

let server = Application(
  router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)))
// After SIGTERM or SIGINT no new request is taken, and the open ones are answered.
try await server.runService()
