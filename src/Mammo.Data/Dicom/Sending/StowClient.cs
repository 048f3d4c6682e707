using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mammo.Data.Dicom.Sending;

/// <summary>How instances are sent.</summary>
/// <param name="Server">Root of the server's DICOMweb services: <c>https://pacs.example.org/dicom-web</c>.</param>
/// <param name="User">User and password; null for none.</param>
/// <param name="MaximumRetryCount">How often a request is repeated that the server fails (5xx) or that does not reach it.</param>
/// <param name="RetryInterval">Pause before the first repetition; it doubles with each.</param>
/// <param name="Timeout">Longest wait for an answer.</param>
/// <param name="IsSentAlways">Send instances too that the server has.</param>
public sealed record StowOptions(
    Uri Server, NetworkCredential? User, int MaximumRetryCount, TimeSpan RetryInterval, TimeSpan Timeout, bool IsSentAlways);

/// <summary>Stores DICOM files at a server by DICOMweb (STOW-RS, PS3.18, 10.5). Files are streamed; redirections are not followed.</summary>
public sealed class StowClient : IDisposable
{
    // So many instances in a row that a server fails at, each sent alone, are no fault of theirs.
    private const int MostFailures = 5;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    private readonly StowOptions _options;
    private readonly HttpClient _client;
    private readonly Dictionary<string, HashSet<string>?> _known = new(StringComparer.Ordinal);
    private (string Reason, string ErrorId)? _stopped;
    private int _failuresInRow;
    private bool _isSilent;

    /// <summary>Makes a client; nothing is sent.</summary>
    public StowClient(StowOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = options.Timeout, MaxResponseContentBufferSize = 16 << 20 };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Mammo", null));
        if (options.User is { } user)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user.UserName}:{user.Password}")));
        }
    }

    /// <summary>Waits between two attempts; tests replace it.</summary>
    internal Action<TimeSpan, CancellationToken> Pause { get; init; } = (time, cancellation) => cancellation.WaitHandle.WaitOne(time);

    /// <summary>
    /// Stores files in one request, or where the server fails at it or calls it too large in several. After a failure that would meet every file, the next ones
    /// are not sent: no answer, no access, a server that is elsewhere, or that fails at several instances in a row.
    /// </summary>
    /// <param name="files">The files, of different instances.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>One record for each file, in their order.</returns>
    public IReadOnlyList<StoredInstance> Store(IReadOnlyList<InstanceFile> files, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(files);
        var records = files.Where(file => !File.Exists(file.Path)).ToDictionary(
            file => file, file => Record(file, StoreStatus.NotSent, "the file is gone", null, 0) with { ErrorId = ErrorIds.FileNotFound });
        foreach (var file in files.Where(file => _stopped is null && !records.ContainsKey(file) && IsThere(file, cancellation)).ToArray())
            records[file] = Record(file, StoreStatus.AlreadyThere, "", (int)HttpStatusCode.OK, 0);
        InstanceFile[] open = [.. files.Where(file => !records.ContainsKey(file))];
        if (open.Length > 0)
        {
            foreach (var (file, record) in open.Zip(Send(open, before: 0, cancellation)))
                records[file] = record;
        }

        return [.. files.Select(file => records[file])];
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <param name="files">The files.</param>
    /// <param name="before">How often they were sent before.</param>
    /// <param name="cancellation">Ends it.</param>
    private StoredInstance[] Send(InstanceFile[] files, int before, CancellationToken cancellation)
    {
        if (_stopped is { } stopped)
            return Array.ConvertAll(files, file => Record(file, StoreStatus.NotSent, stopped.Reason, null, before) with { ErrorId = stopped.ErrorId });

        // Where it fails at one after the other, waiting has not helped before.
        var retries = _failuresInRow > 0 ? 0 : _options.MaximumRetryCount;
        for (var attempt = 1; ; attempt++)
        {
            var sent = before + attempt;
            TimeSpan? asked = null;
            int? status = null;
            var isTimeout = false;
            string failure;
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, Address("studies")) { Content = Parts(files) };
                request.Headers.Accept.ParseAdd("application/dicom+json");
                using var response = _client.Send(request, cancellation);
                status = (int)response.StatusCode;
                if (response.StatusCode == HttpStatusCode.RequestEntityTooLarge && files.Length > 1)
                    return [.. files.Chunk((files.Length + 1) / 2).SelectMany(half => Send(half, sent, cancellation))];
                var answer = StoreAnswer.Read(Body(response, cancellation));
                if (status < 500)
                {
                    _failuresInRow = 0;
                    return Records(files, answer, response, sent);
                }

                failure = $"the server fails: HTTP {status} {response.ReasonPhrase}. {answer.Text}".TrimEnd();
                asked = response.Headers.RetryAfter is { } wait ? wait.Delta ?? wait.Date - DateTimeOffset.UtcNow : null;
            }
            catch (Exception error) when (IsOutage(error, cancellation))
            {
                isTimeout = error is TaskCanceledException;
                failure = isTimeout ? $"no answer in {_options.Timeout.TotalSeconds:0} s" : (error.InnerException ?? error).Message.TrimEnd('.');
            }

            // A server that is away for longer than an answer may take is not waited for in silence.
            if (asked > _options.Timeout)
                return Stop(files, FormattableString.Invariant($"{failure}. It asks to come back in {asked.Value.TotalSeconds:0} s"), status, sent);

            if (attempt > retries)
            {
                // A connection that breaks may be the file's doing, where the server answers to something else.
                return status is not null || (!isTimeout && IsAnswering(cancellation))
                    ? Alone(files, failure, status, sent, cancellation)
                    : Stop(files, failure, null, sent);
            }

            Pause(PauseAfter(attempt, asked), cancellation);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private StoredInstance[] Stop(InstanceFile[] files, string failure, int? status, int sent)
    {
        _stopped = ($"an earlier request failed: {failure}", ErrorIds.DicomServerFailed);
        return Array.ConvertAll(files, file => Record(file, StoreStatus.NotSent, failure, status, sent) with { ErrorId = ErrorIds.DicomServerFailed });
    }

    // One file at which the server fails must not keep the others back.
    private StoredInstance[] Alone(InstanceFile[] files, string failure, int? status, int sent, CancellationToken cancellation)
    {
        if (files.Length > 1)
            return [.. files.SelectMany(file => Send([file], sent, cancellation))];
        if (++_failuresInRow >= MostFailures)
            _stopped = ($"the server failed at {MostFailures} instances in a row, the last time: {failure}", ErrorIds.DicomServerFailed);
        return [Record(files[0], StoreStatus.Failed, failure, status, sent) with { ErrorId = ErrorIds.DicomServerFailed }];
    }

    private bool IsAnswering(CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Address("studies?limit=1"));
            using var response = _client.Send(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return true;
        }
        catch (Exception error) when (IsOutage(error, cancellation))
        {
            return false;
        }
    }

    // Doubled up to a minute, or always the user's own pause where that is longer; never less than the server asks for.
    private TimeSpan PauseAfter(int attempt, TimeSpan? asked)
    {
        var longest = Math.Max(LongestPause.TotalSeconds, _options.RetryInterval.TotalSeconds);
        var pause = TimeSpan.FromSeconds(Math.Min(longest, _options.RetryInterval.TotalSeconds * Math.Pow(2, attempt - 1)));
        return asked is { } time && time > pause ? time : pause;
    }

    private StoredInstance[] Records(InstanceFile[] files, StoreAnswer answer, HttpResponseMessage response, int attempts)
    {
        var status = (int)response.StatusCode;
        var said = answer.Text.Length > 0 ? answer.Text : $"HTTP {status} {response.ReasonPhrase}".TrimEnd();
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            _stopped = (said, ErrorIds.DicomServerAccess);
            return Array.ConvertAll(files, file => Record(file, StoreStatus.NotSent, said, status, attempts) with { ErrorId = ErrorIds.DicomServerAccess });
        }

        if (status is >= 300 and < 400)
        {
            _stopped = ($"the server is elsewhere: {response.Headers.Location?.ToString() ?? said}", ErrorIds.DicomServerFailed);
            return Array.ConvertAll(
                files, file => Record(file, StoreStatus.NotSent, _stopped.Value.Reason, status, attempts) with { ErrorId = ErrorIds.DicomServerFailed });
        }

        return Array.ConvertAll(files, file => answer.Of(file.SopInstanceUid) switch
        {
            { Status: StoreStatus.Refused, Reason: var reason } =>
                Record(file, StoreStatus.Refused, reason, status, attempts) with { ErrorId = ErrorIds.DicomStoreRefused },
            { } known => Record(file, known.Status, known.Reason, status, attempts),
            null when status >= 400 => Record(file, StoreStatus.Refused, said, status, attempts) with { ErrorId = ErrorIds.DicomStoreRefused },
            null => Record(file, StoreStatus.Unconfirmed, $"the answer does not name the instance ({said})", status, attempts)
                with
            { ErrorId = ErrorIds.DicomServerFailed },
        });
    }

    /// <summary>Whether the server lists the instance in its series (QIDO-RS); what it does not answer to is sent.</summary>
    private bool IsThere(InstanceFile file, CancellationToken cancellation)
    {
        // A server that let one question time out would let each: its first request says so.
        if (_options.IsSentAlways || _isSilent)
            return false;
        if (!_known.TryGetValue(file.SeriesInstanceUid, out var instances))
            _known.Add(file.SeriesInstanceUid, instances = InstancesOf(file, cancellation));
        return instances?.Contains(file.SopInstanceUid) == true;
    }

    private HashSet<string>? InstancesOf(InstanceFile file, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get, Address($"studies/{file.StudyInstanceUid}/series/{file.SeriesInstanceUid}/instances"));
            request.Headers.Accept.ParseAdd("application/dicom+json");
            using var response = _client.Send(request, cancellation);
            return response.StatusCode == HttpStatusCode.OK && JsonNode.Parse(Body(response, cancellation)) is JsonArray list
                ? [.. list.Select(item => item?["00080018"]?["Value"]?[0]?.ToString()).OfType<string>()]
                : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException || IsOutage(error, cancellation))
        {
            // Sending will meet the same and say it.
            _isSilent |= error is TaskCanceledException;
            return null;
        }
    }

    // A wait that is too long is a cancelled task too.
    private static bool IsOutage(Exception error, CancellationToken cancellation) =>
        error is HttpRequestException or IOException || (error is TaskCanceledException && !cancellation.IsCancellationRequested);

    private Uri Address(string resource) => new($"{_options.Server.AbsoluteUri.TrimEnd('/')}/{resource}");

    private static string Body(HttpResponseMessage response, CancellationToken cancellation)
    {
        using var reader = new StreamReader(response.Content.ReadAsStream(cancellation), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static MultipartContent Parts(InstanceFile[] files)
    {
        var parts = new MultipartContent("related");
        try
        {
            parts.Headers.ContentType!.Parameters.Add(new NameValueHeaderValue("type", "\"application/dicom\""));
            foreach (var file in files)
            {
                var part = new StreamContent(InputFile.Open(file.Path));
                part.Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
                parts.Add(part);
            }

            return parts;
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    private StoredInstance Record(InstanceFile file, StoreStatus status, string reason, int? http, int attempts) =>
        new(file.Path, file.Modality, status, reason, file.StudyInstanceUid, file.SopInstanceUid, http, attempts, _options.Server);
}
