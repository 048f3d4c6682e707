using System.Net;
using System.Net.Sockets;
using System.Text;
using Mammo.Data.Dicom;
using Mammo.Data.Dicom.Sending;

namespace Mammo.Tests.Data.Dicom.Sending;

public sealed class StowClientTests
{
    private const string Post = "POST /dicom-web/studies";

    private readonly List<TimeSpan> _pauses = [];

    [Fact]
    public void Files_are_sent_byte_by_byte_in_one_request_and_each_has_its_record()
    {
        InstanceFile[] files = [File("1.2.1"), File("1.2.2"), File("1.2.3")];
        using var server = new StubServer(request => request == Post
            ? (409, StubServer.Answer(["1.2.3", "1.2.1"], ("1.2.2", 0xA700)))
            : (204, ""));
        var records = Store(server, files, new NetworkCredential("jörg", "geheim"));
        Assert.Equal(["1.2.1", "1.2.2", "1.2.3"], records.Select(record => record.SopInstanceUid));
        Assert.Equal([StoreStatus.Stored, StoreStatus.Refused, StoreStatus.Stored], records.Select(record => record.Status));
        Assert.Equal(("out of resources (0xA700)", ErrorIds.DicomStoreRefused, 409, 1),
            (records[1].Reason, records[1].ErrorId, records[1].HttpStatus, records[1].Attempts));
        Assert.Equal([null, null], new[] { records[0], records[2] }.Select(record => record.ErrorId));
        Assert.Equal(["GET /dicom-web/studies/1.2/series/1.2.9/instances", Post], server.Requests);
        var body = Assert.Single(server.Bodies);
        Assert.All(files, file => Assert.Contains(Encoding.Latin1.GetString(System.IO.File.ReadAllBytes(file.Path)), body, StringComparison.Ordinal));
        Assert.Equal(3, body.Split("Content-Type: application/dicom\r\n").Length - 1);
        Assert.StartsWith("multipart/related; ", server.ContentTypes[0], StringComparison.Ordinal);
        Assert.Contains("type=\"application/dicom\"", server.ContentTypes[0], StringComparison.Ordinal);
        Assert.All(server.Authorizations, header => Assert.Equal($"Basic {Convert.ToBase64String("jörg:geheim"u8)}", header));
    }

    [Fact]
    public void What_the_server_has_is_not_sent_again_unless_asked()
    {
        var listed = """[{"00080018":{"vr":"UI","Value":["1.2.1"]}},{"00080018":{"vr":"UI"}}]""";
        using var server = new StubServer(request => request == Post ? (200, StubServer.Answer(["1.2.1", "1.2.2"])) : (200, listed));
        Assert.Equal([StoreStatus.AlreadyThere, StoreStatus.Stored], Store(server, [File("1.2.1"), File("1.2.2")]).Select(record => record.Status));
        Assert.Equal(2, server.Bodies[0].Split("DICM").Length);
        Assert.Equal([StoreStatus.Stored], Store(server, [File("1.2.1")], always: true).Select(record => record.Status));
        // A server that says it when it is sent again.
        using var other = new StubServer(request => request == Post ? (409, StubServer.Answer([], ("1.2.1", 0x0111))) : (501, ""));
        Assert.Equal((StoreStatus.AlreadyThere, null), Assert.Single(Store(other, [File("1.2.1")])) is var record ? (record.Status, record.ErrorId) : default);
    }

    [Fact]
    public void A_server_that_fails_is_asked_again_with_growing_pauses()
    {
        var count = 0;
        using var server = new StubServer(request => request != Post ? (404, "") : ++count switch
        {
            1 => (503, "Retry-After: 9|busy"),
            2 => (500, "oops"),
            _ => (200, StubServer.Answer(["1.2.1"])),
        });
        var record = Assert.Single(Store(server, [File("1.2.1")]));
        Assert.Equal((StoreStatus.Stored, 3), (record.Status, record.Attempts));
        Assert.Equal([TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(2)], _pauses);
    }

    [Fact]
    public void A_server_that_asks_for_a_longer_pause_than_an_answer_may_take_is_not_waited_for()
    {
        using var server = new StubServer(request => request == Post ? (503, "Retry-After: 86400|busy") : (404, ""));
        var records = Store(server, [File("1.2.1"), File("1.2.2")]);
        Assert.All(records, record => Assert.Equal((StoreStatus.NotSent, 503, 1), (record.Status, record.HttpStatus, record.Attempts)));
        Assert.Contains("86400 s", records[0].Reason, StringComparison.Ordinal);
        Assert.Empty(_pauses);
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(3600, 3600)]
    public void Pauses_stay_within_a_minute_or_the_users_own_however_often_it_is_asked(int interval, int longest)
    {
        using var server = new StubServer(request => request == Post ? (500, "") : (404, ""));
        using var client = Client(server.Address, null, false, retries: 100, interval);
        Assert.Equal(101, Assert.Single(client.Store([File("1.2.1")], TestContext.Current.CancellationToken)).Attempts);
        Assert.Equal((100, TimeSpan.FromSeconds(interval), TimeSpan.FromSeconds(longest)), (_pauses.Count, _pauses[0], _pauses[^1]));
    }

    [Fact]
    public void A_server_that_is_elsewhere_is_asked_once()
    {
        using var server = new StubServer(request => request == Post ? (302, "Location: http://elsewhere/|") : (404, ""));
        using var client = Client(server.Address, null, false, retries: 3);
        client.Store([File("1.2.1")], TestContext.Current.CancellationToken);
        var later = Assert.Single(client.Store([File("1.2.2")], TestContext.Current.CancellationToken));
        Assert.Equal((StoreStatus.NotSent, ErrorIds.DicomServerFailed), (later.Status, later.ErrorId));
        Assert.Contains("http://elsewhere/", later.Reason, StringComparison.Ordinal);
        Assert.Single(server.Requests, Post);
    }

    [Fact]
    public void A_file_at_which_the_server_fails_keeps_no_other_back()
    {
        using var server = new StubServer((request, body) => request != Post ? (404, "")
            : body.Contains("1.2.3.13", StringComparison.Ordinal) ? (500, "cannot") : (200, StubServer.Answer(Uids(body))));
        using var client = Client(server.Address, null, false, retries: 2);
        var records = client.Store([.. Files(12, 13, 14, 15)], TestContext.Current.CancellationToken);
        Assert.Equal([StoreStatus.Stored, StoreStatus.Failed, StoreStatus.Stored, StoreStatus.Stored], records.Select(record => record.Status));
        Assert.Equal((500, 6, ErrorIds.DicomServerFailed), (records[1].HttpStatus, records[1].Attempts, records[1].ErrorId));
        Assert.Contains("cannot", records[1].Reason, StringComparison.Ordinal);
        Assert.Equal(4, records[2].Attempts);
        var later = client.Store([.. Files(16, 17)], TestContext.Current.CancellationToken);
        Assert.All(later, record => Assert.Equal((StoreStatus.Stored, 1), (record.Status, record.Attempts)));
    }

    [Fact]
    public void A_server_that_goes_on_failing_is_left_alone()
    {
        using var server = new StubServer(_ => (502, "no gateway"));
        using var client = Client(server.Address, null, false, retries: 2);
        var records = client.Store([.. Files(11, 12, 13, 14, 15, 16, 17)], TestContext.Current.CancellationToken);
        // The request and the first file are repeated; the others are tried once more, up to the fifth.
        Assert.Equal([6, 4, 4, 4, 4, 3, 3], records.Select(record => record.Attempts));
        Assert.Equal(4, _pauses.Count);
        Assert.All(records.Take(5), record => Assert.Equal((StoreStatus.Failed, 502), (record.Status, record.HttpStatus)));
        Assert.All(records.Skip(5), record => Assert.Equal((StoreStatus.NotSent, null), (record.Status, record.HttpStatus)));
        Assert.All(records, record => Assert.Contains("no gateway", record.Reason, StringComparison.Ordinal));
        var asked = server.Requests.Count;
        var later = Assert.Single(client.Store([File("1.2.3")], TestContext.Current.CancellationToken));
        Assert.Equal((StoreStatus.NotSent, 0, ErrorIds.DicomServerFailed), (later.Status, later.Attempts, later.ErrorId));
        Assert.Equal(asked, server.Requests.Count);
    }

    [Fact]
    public void A_request_that_is_too_large_is_divided_down_to_single_files()
    {
        using var server = new StubServer((request, body) => request != Post ? (404, "")
            : Uids(body) is not [var only] || only == "1.2.3.12" ? (413, "<html>\n too  large") : (200, StubServer.Answer([only])));
        var records = Store(server, [.. Files(11, 12, 13)]);
        Assert.Equal([StoreStatus.Stored, StoreStatus.Refused, StoreStatus.Stored], records.Select(record => record.Status));
        Assert.Equal((413, "<html> too large", ErrorIds.DicomStoreRefused), (records[1].HttpStatus, records[1].Reason, records[1].ErrorId));
        Assert.Equal([3, 3, 2], records.Select(record => record.Attempts));
        Assert.Empty(_pauses);
    }

    [Theory]
    [InlineData(400, """{"HttpError":"Bad Request","Details":"no such tag"}""", StoreStatus.Refused, "no such tag", ErrorIds.DicomStoreRefused)]
    [InlineData(413, "<html>\n too  large", StoreStatus.Refused, "<html> too large", ErrorIds.DicomStoreRefused)]
    [InlineData(404, "", StoreStatus.Refused, "HTTP 404 Not Found", ErrorIds.DicomStoreRefused)]
    [InlineData(401, "", StoreStatus.NotSent, "HTTP 401 Unauthorized", ErrorIds.DicomServerAccess)]
    [InlineData(403, "", StoreStatus.NotSent, "HTTP 403 Forbidden", ErrorIds.DicomServerAccess)]
    [InlineData(302, "Location: http://elsewhere/|", StoreStatus.NotSent, "elsewhere", ErrorIds.DicomServerFailed)]
    [InlineData(200, "", StoreStatus.Unconfirmed, "does not name the instance", ErrorIds.DicomServerFailed)]
    [InlineData(200, "[]", StoreStatus.Unconfirmed, "does not name the instance", ErrorIds.DicomServerFailed)]
    [InlineData(200, """{"00081199":{"vr":"SQ","Value":["x",{"00081155":{"vr":"UI","Value":[]}}]}}""", StoreStatus.Unconfirmed, "", ErrorIds.DicomServerFailed)]
    [InlineData(200, """{"00081198":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2.1"]}}]}}""",
        StoreStatus.Refused, "no reason", ErrorIds.DicomStoreRefused)]
    public void The_body_decides_and_what_is_refused_is_not_repeated(int status, string body, StoreStatus expected, string reason, string id)
    {
        using var server = new StubServer(request => request == Post ? (status, body) : (404, ""));
        var record = Assert.Single(Store(server, [File("1.2.1")]));
        Assert.Equal((expected, id, status, 1), (record.Status, record.ErrorId, record.HttpStatus, record.Attempts));
        Assert.Contains(reason, record.Reason, StringComparison.Ordinal);
        Assert.Single(server.Requests, Post);
        Assert.Empty(_pauses);
    }

    [Fact]
    public void A_server_that_is_not_there_is_said()
    {
        Uri address;
        using (var server = new StubServer(_ => (200, "")))
            address = server.Address;
        using var client = Client(address, null, false, retries: 1);
        var record = Assert.Single(client.Store([File("1.2.1")], TestContext.Current.CancellationToken));
        Assert.Equal((StoreStatus.NotSent, null, 2, ErrorIds.DicomServerFailed), (record.Status, record.HttpStatus, record.Attempts, record.ErrorId));
        Assert.NotEmpty(record.Reason);
    }

    [Fact]
    public void A_server_that_hangs_is_not_waited_for_once_for_each_series()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var address = new Uri($"http://{silent.LocalEndpoint}/dicom-web");
        using var client = new StowClient(new StowOptions(address, null, 0, TimeSpan.Zero, TimeSpan.FromSeconds(1), false));
        var records = client.Store([File("1.2.1", "1.2.8"), File("1.2.2"), File("1.2.3", "1.2.7")], TestContext.Current.CancellationToken);
        Assert.All(records, record => Assert.Equal((StoreStatus.NotSent, ErrorIds.DicomServerFailed), (record.Status, record.ErrorId)));
        // The question for one series, and the request. A connection whose answer did not come in time is not used again.
        var connections = 0;
        for (; silent.Pending(); connections++)
            silent.AcceptSocket().Dispose();
        Assert.Equal(2, connections);
    }

    [Fact]
    public void A_file_that_is_gone_is_said_and_the_others_are_sent()
    {
        InstanceFile[] files = [File("1.2.1"), File("1.2.2")];
        System.IO.File.Delete(files[0].Path);
        using var server = new StubServer(request => request == Post ? (200, StubServer.Answer(["1.2.2"])) : (404, ""));
        Assert.Equal([ErrorIds.FileNotFound, null], Store(server, files).Select(record => record.ErrorId));
    }

    [Fact]
    public void Files_without_preamble_or_identifiers_are_refused()
    {
        var path = Path.Combine(Shared.NewFolder(), "a.dcm");
        System.IO.File.WriteAllText(path, new string('x', 300));
        Assert.Equal(ErrorIds.ImageUnreadable, Assert.Throws<MammoException>(() => InstanceFile.Read(path)).ErrorId);
        Assert.Equal(ErrorIds.DicomIdentityMissing, Assert.Throws<MammoException>(() => InstanceFile.Read(TestDicom.Write(TestDicom.Elements([1])))).ErrorId);
    }

    private static IEnumerable<InstanceFile> Files(params int[] numbers) => numbers.Select(number => File($"1.2.3.{number}"));

    // The instances in a body.
    private static string[] Uids(string body) =>
        [.. Enumerable.Range(11, 9).Select(number => $"1.2.3.{number}").Where(uid => body.Contains(uid, StringComparison.Ordinal))];

    private static InstanceFile File(string instance, string series = "1.2.9") => InstanceFile.Read(TestDicom.Write(TestDicom.Elements([1, 2], changes:
    [
        TestElement.Text(DicomTag.SopInstanceUid, "UI", instance), TestElement.Text(DicomTag.StudyInstanceUid, "UI", "1.2"),
        TestElement.Text(DicomTag.SeriesInstanceUid, "UI", series),
    ])));

    private IReadOnlyList<StoredInstance> Store(StubServer server, InstanceFile[] files, NetworkCredential? user = null, bool always = false)
    {
        using var client = Client(server.Address, user, always, retries: 3);
        return client.Store(files, TestContext.Current.CancellationToken);
    }

    private StowClient Client(Uri address, NetworkCredential? user, bool always, int retries, int interval = 1) =>
        new(new StowOptions(address, user, retries, TimeSpan.FromSeconds(interval), TimeSpan.FromMinutes(2), always))
        { Pause = (time, _) => _pauses.Add(time) };
}
