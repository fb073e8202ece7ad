import Dispatch
import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// One HTTP GET request. Its receiver gets the response in pieces, so that a broken connection does not lose the pieces
/// received before.
final class HTTPTransfer: NSObject, URLSessionDataDelegate, Sendable {
  /// The status and headers of a response.
  struct Head {
    let status: Int
    let entityTag: String?
    let contentRange: String?
    /// The number of bytes of the response's body; nil if the server does not report it.
    let byteCount: Int?
  }

  /// Receives the response of a transfer. An error that it throws cancels the transfer.
  protocol Receiver: AnyObject, Sendable {
    func receive(_ head: Head) throws
    func receive(_ bytes: Data) throws
  }

  private let receiver: any Receiver
  private let refusal = Mutex<(any Error)?>(nil)
  private let outcome = Mutex<(any Error)?>(nil)
  private let isDone = DispatchSemaphore(value: 0)

  private init(_ receiver: any Receiver) { self.receiver = receiver }

  /// Sends the request and waits until the transfer has ended.
  ///
  /// - Parameters:
  ///   - url: The URL to fetch.
  ///   - headers: Additional request headers.
  ///   - idleSeconds: The time without new data, in seconds, after which the transfer fails.
  ///   - receiver: Gets the response.
  /// - Throws: The error that `receiver` threw, or the error of the connection.
  static func run(_ url: URL, headers: [String: String], idleSeconds: Double, receiver: any Receiver) throws {
    var request = URLRequest(url: url)
    request.cachePolicy = .reloadIgnoringLocalCacheData
    // A resumed download asks for a range of bytes of the stored file, so the server must not compress the response.
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

  /// Follows redirects to http and https URLs, except from https to http. Other schemes, such as file, are refused.
  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) {
    let from = response.url?.scheme?.lowercased()
    let to = request.url?.scheme?.lowercased()
    completionHandler(to == "https" || (to == "http" && from == "http") ? request : nil)
  }
}
