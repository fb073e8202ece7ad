import Dispatch
import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// One HTTP GET request. Its receiver gets the response in pieces, so that the pieces received before a connection
/// breaks are not lost.
final class HTTPTransfer: NSObject, URLSessionDataDelegate, Sendable {
  /// The head of the answer.
  struct Head {
    let status: Int
    let entityTag: String?
    let contentRange: String?
    /// The bytes to come, where the server says it.
    let byteCount: Int?
  }

  /// Takes the answer; what it throws ends the transfer.
  protocol Receiver: AnyObject, Sendable {
    func receive(_ head: Head) throws
    func receive(_ bytes: Data) throws
  }

  private let receiver: any Receiver
  private let refusal = Mutex<(any Error)?>(nil)
  private let outcome = Mutex<(any Error)?>(nil)
  private let isDone = DispatchSemaphore(value: 0)

  private init(_ receiver: any Receiver) { self.receiver = receiver }

  /// Runs the transfer and waits for its end.
  ///
  /// - Throws: what `receiver` threw, or what ended the connection.
  static func run(_ url: URL, headers: [String: String], idleSeconds: Double, receiver: any Receiver) throws {
    var request = URLRequest(url: url)
    request.cachePolicy = .reloadIgnoringLocalCacheData
    // Ranges count the bytes of the file as it is stored.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = idleSeconds
    configuration.urlCache = nil
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = 1
    let transfer = HTTPTransfer(receiver)
    let session = URLSession(configuration: configuration, delegate: transfer, delegateQueue: queue)
    session.dataTask(with: request).resume()
    transfer.isDone.wait()
    session.finishTasksAndInvalidate()
    if let error = transfer.refusal.withLock({ $0 }) ?? transfer.outcome.withLock({ $0 }) { throw error }
  }

  private func attempt(_ task: URLSessionTask, _ body: () throws -> Void) -> Bool {
    if refusal.withLock({ $0 != nil }) { return false }
    do {
      try body()
      return true
    } catch {
      refusal.withLock { $0 = error }
      task.cancel()
      return false
    }
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    let http = response as? HTTPURLResponse
    let head = Head(
      status: http?.statusCode ?? 0,
      entityTag: http?.value(forHTTPHeaderField: "ETag"),
      contentRange: http?.value(forHTTPHeaderField: "Content-Range"),
      byteCount: response.expectedContentLength >= 0 ? Int(response.expectedContentLength) : nil)
    completionHandler(attempt(dataTask) { try receiver.receive(head) } ? .allow : .cancel)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    _ = attempt(dataTask) { try receiver.receive(data) }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    outcome.withLock { $0 = error }
    isDone.signal()
  }

  /// Follows redirections within HTTP, never from https to http and never to a file.
  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) {
    let from = response.url?.scheme?.lowercased()
    let to = request.url?.scheme?.lowercased()
    completionHandler(to == "https" || (to == "http" && from == "http") ? request : nil)
  }
}
