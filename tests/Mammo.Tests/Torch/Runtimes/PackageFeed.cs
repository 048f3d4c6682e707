using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Mammo.Tests.Torch.Runtimes;

/// <summary>A NuGet feed with one package, on this machine alone, whose connection may break.</summary>
internal sealed class PackageFeed : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly byte[] _package;
    private readonly Task _work;

    public PackageFeed(byte[] package)
    {
        _package = package;
        using (var socket = new TcpListener(IPAddress.Loopback, 0))
        {
            socket.Start();
            Address = $"http://localhost:{((IPEndPoint)socket.LocalEndpoint).Port}/index.json";
        }

        _listener.Prefixes.Add(Address.Replace("index.json", "", StringComparison.Ordinal));
        _listener.Start();
        _work = Task.Run(Serve);
    }

    public string Address { get; }

    /// <summary>Bytes of the first answer after which the connection breaks; 0 for never.</summary>
    public int BreaksAt { get; init; }

    /// <summary>What the feed says of itself; its own index unless set.</summary>
    public string? Index { get; init; }

    /// <summary>The ranges that were asked for.</summary>
    public List<string> Ranges { get; } = [];

    public void Dispose()
    {
        _listener.Stop();
        _work.Wait();
        _listener.Close();
    }

    private void Serve()
    {
        try
        {
            while (true)
                Answer(_listener.GetContext());
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private void Answer(HttpListenerContext call)
    {
        if (call.Request.Url!.AbsolutePath == "/index.json")
        {
            var home = Address.Replace("index.json", "packages/", StringComparison.Ordinal);
            var index = Index ?? $$"""{"version":"3.0.0","resources":[{"@id":"{{home}}","@type":"PackageBaseAddress/3.0.0"}]}""";
            call.Response.Close(Encoding.UTF8.GetBytes(index), willBlock: true);
            return;
        }

        if (_package.Length == 0)
        {
            call.Response.StatusCode = 404;
            call.Response.Close();
            return;
        }

        Ranges.Add(call.Request.Headers["Range"] ?? "");
        var start = RangeHeaderValue.TryParse(call.Request.Headers["Range"], out var range) ? (int)range.Ranges.First().From! : 0;
        call.Response.StatusCode = start > 0 ? 206 : 200;
        call.Response.ContentLength64 = _package.Length - start;
        try
        {
            if (BreaksAt > 0 && Ranges.Count == 1)
            {
                call.Response.OutputStream.Write(_package, 0, BreaksAt);
                call.Response.OutputStream.Flush();
                call.Response.Abort();
                return;
            }

            call.Response.OutputStream.Write(_package, start, _package.Length - start);
            call.Response.Close();
        }
        catch (HttpListenerException)
        {
            // The other side has gone.
        }
    }
}
