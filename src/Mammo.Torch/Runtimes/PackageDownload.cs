using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mammo.Torch.Runtimes;

/// <summary>
/// Fetches a package from a NuGet feed (version 3 of the protocol: the service index and its PackageBaseAddress), and goes on where it was interrupted.
/// </summary>
/// <param name="package">The package.</param>
/// <param name="feed">The address of the feed's service index.</param>
/// <param name="progress">Given the bytes so far and in all.</param>
internal sealed class PackageDownload(RuntimePackage package, Uri feed, Action<long, long> progress)
{
    private const int Tries = 3;
    private static readonly TimeSpan Stall = TimeSpan.FromMinutes(1);

    /// <summary>Fetches the package into a file; what an earlier try left in it is kept and added to.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Stops it; the file stays for the next try.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.RuntimeNotFetched"/>.</exception>
    public void To(string path, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Mammo");
        for (var left = Tries; ; left--)
        {
            using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            stall.CancelAfter(Stall);
            try
            {
                Fetch(client, Address(client, stall), path, stall);
                return;
            }
            catch (Exception error)
                when (!cancellation.IsCancellationRequested && error is HttpRequestException or IOException or OperationCanceledException or JsonException)
            {
                if (left > 1 && !IsFinal(error))
                    continue;
                var cause = error is OperationCanceledException ? "nothing came for a minute" : error.Message.TrimEnd('.');
                throw new MammoException(
                    ErrorIds.RuntimeNotFetched,
                    $"{package.FileName} cannot be fetched from {feed}: {cause}.",
                    $"Try again, which goes on where it stopped; or name another -Source: a feed, or a folder that holds {package.FileName}.",
                    feed.ToString(),
                    error);
            }
        }
    }

    // What another try does not change: an answer that is none of a feed's, or says that the package is not there.
    private static bool IsFinal(Exception error) =>
        error is JsonException or HttpRequestException
        {
            StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError
                and not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests),
        };

    // A feed lists its services; that of packages is followed by ID/VERSION/ID.VERSION.nupkg in small letters.
    private Uri Address(HttpClient client, CancellationTokenSource stall)
    {
        using var answer = client.Send(new HttpRequestMessage(HttpMethod.Get, feed), stall.Token).EnsureSuccessStatusCode();
        var index = JsonSerializer.Deserialize<ServiceIndex>(answer.Content.ReadAsStream(stall.Token));
        var home = index?.Resources?.FirstOrDefault(one => one.Type?.StartsWith("PackageBaseAddress/3", StringComparison.Ordinal) == true)?.Id;
        return home is not null && Uri.TryCreate($"{home.TrimEnd('/')}/{package.Id}/{package.Version}/{package.FileName}", UriKind.Absolute, out var address)
            ? address
            : throw new JsonException("it is no feed of NuGet packages");
    }

    private void Fetch(HttpClient client, Uri address, string path, CancellationTokenSource stall)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
        if (file.Length == package.Bytes)
            return;
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (file.Length > 0)
            request.Headers.Range = new RangeHeaderValue(file.Length, null);
        using var answer = client.Send(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);

        // What is there is longer than the package, or the server begins anew.
        if (answer.StatusCode != HttpStatusCode.PartialContent)
            file.SetLength(0);
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            throw new IOException("the file was longer than the package");
        answer.EnsureSuccessStatusCode();
        file.Seek(0, SeekOrigin.End);
        using var content = answer.Content.ReadAsStream(stall.Token);
        var buffer = new byte[1 << 17];
        for (int count; (count = content.ReadAsync(buffer, stall.Token).AsTask().GetAwaiter().GetResult()) > 0;)
        {
            // Never more than the package has: the disk is not the server's.
            if (file.Length + count > package.Bytes)
                throw new HttpRequestException("it is longer than the package", null, HttpStatusCode.BadRequest);
            Write(file, buffer.AsSpan(0, count));
            progress(file.Length, package.Bytes);
            stall.CancelAfter(Stall);
        }
    }

    // A disk that is full is no fault of the feed, and another try does not help.
    internal static void Write(FileStream file, ReadOnlySpan<byte> bytes)
    {
        try
        {
            file.Write(bytes);
        }
        catch (IOException error)
        {
            throw new MammoException(ErrorIds.FileNotWritten, $"'{file.Name}' cannot be written: {error.Message}", WriteErrors.FixOf(error), file.Name, error);
        }
    }

    private sealed record ServiceIndex([property: JsonPropertyName("resources")] ServiceIndex.Resource[]? Resources)
    {
        public sealed record Resource([property: JsonPropertyName("@id")] string? Id, [property: JsonPropertyName("@type")] string? Type);
    }
}
