using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mammo.Tests.Data.Dicom.Sending;

/// <summary>A server on this machine that answers as a test says and remembers what it was asked.</summary>
internal sealed class StubServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Thread _thread;

    /// <param name="answer">Status and body for a request; a header for <c>Retry-After</c> or <c>Location</c> may stand before the body as <c>Name:
    /// value|</c>.</param>
    public StubServer(Func<string, (int Status, string Body)> answer)
        : this((request, _) => answer(request))
    {
    }

    /// <param name="answer">The same for a request and its body, byte by byte as Latin-1.</param>
    public StubServer(Func<string, string, (int Status, string Body)> answer)
    {
        var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        Address = new Uri($"http://127.0.0.1:{port}/dicom-web/");
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        _thread = new Thread(() => Serve(answer)) { IsBackground = true };
        _thread.Start();
    }

    public Uri Address { get; }

    /// <summary>Method and path of each request.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>The bodies of requests with one, byte by byte as Latin-1.</summary>
    public List<string> Bodies { get; } = [];

    public List<string?> Authorizations { get; } = [];

    public List<string?> ContentTypes { get; } = [];

    /// <summary>The answer of the standard.</summary>
    public static string Answer(IEnumerable<string> stored, params IEnumerable<(string Uid, int? Reason)> failed)
    {
        var good = stored.Select(uid => $"{{{Uid(uid)}}}");
        var bad = failed.Select(item => $"{{{Uid(item.Uid)}{(item.Reason is { } reason ? $",\"00081197\":{{\"vr\":\"US\",\"Value\":[{reason}]}}" : "")}}}");
        return $"{{{Sequence("00081199", good)},{Sequence("00081198", bad)}}}";

        static string Sequence(string tag, IEnumerable<string> items) => $"\"{tag}\":{{\"vr\":\"SQ\",\"Value\":[{string.Join(',', items)}]}}";
        static string Uid(string uid) => $"\"00081155\":{{\"vr\":\"UI\",\"Value\":[\"{uid}\"]}}";
    }

    public void Dispose()
    {
        _listener.Close();
        _thread.Join(TimeSpan.FromSeconds(30));
    }

    private void Serve(Func<string, string, (int Status, string Body)> answer)
    {
        while (true)
        {
            try
            {
                var context = _listener.GetContext();
                var request = $"{context.Request.HttpMethod} {context.Request.Url!.AbsolutePath}";
                using var body = new MemoryStream();
                context.Request.InputStream.CopyTo(body);
                Requests.Add(request);
                Authorizations.Add(context.Request.Headers["Authorization"]);
                var content = Encoding.Latin1.GetString(body.ToArray());
                if (content.Length > 0)
                {
                    Bodies.Add(content);
                    ContentTypes.Add(context.Request.ContentType);
                }

                var (status, text) = answer(request, content);
                if (text.Split('|', 2) is [var header, var rest] && header.Split(": ") is [var name, var value])
                {
                    context.Response.Headers[name] = value;
                    text = rest;
                }

                context.Response.StatusCode = status;
                context.Response.OutputStream.Write(Encoding.UTF8.GetBytes(text));
                context.Response.Close();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }
}
