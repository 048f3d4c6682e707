using System.Management.Automation;
using System.Net;
using Mammo.Data.Dicom.Sending;
using Mammo.Data.Files;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Pacs;

/// <summary>Stores DICOM files at a server by DICOMweb (STOW-RS), one record for each file. Nothing is sent unless the server is named.</summary>
[Cmdlet(VerbsCommunications.Send, "MammoDicom", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(StoredInstance))]
public sealed class SendMammoDicomCommand : MammoCmdlet
{
    private const int MostFiles = 20;
    private const long MostBytes = 256L << 20;

    private readonly List<InstanceFile> _open = [];
    private readonly Dictionary<string, string> _taken = new(StringComparer.Ordinal);
    private StowClient? _client;
    private int _done;

    /// <summary>Files, or folders whose DICOM files are sent; wildcards may be used.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path")]
    [SupportsWildcards]
    [NotEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>The same, taken as they are written.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "FullName")]
    [NotEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Root of the server's DICOMweb services, as in http://127.0.0.1:8042/dicom-web.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [NotNull]
    public Uri? Uri { get; set; }

    /// <summary>User and password at the server (HTTP Basic).</summary>
    [Parameter]
    [Credential]
    [NotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>Send the password to another machine without encryption (http).</summary>
    [Parameter]
    public SwitchParameter AllowUnencryptedAuthentication { get; set; }

    /// <summary>
    /// How often a request is repeated that the server fails (HTTP 5xx) or that does not reach it; then its files are sent one by one, and five failures in a
    /// row end it. What it refuses (4xx) is never repeated; a request that is too large (413) is divided.
    /// </summary>
    [Parameter]
    [InRange(0, 100)]
    public int MaximumRetryCount { get; set; } = 3;

    /// <summary>Seconds before the first repetition; each next pause is twice as long, or as long as the server asks for.</summary>
    [Parameter]
    [InRange(0, 3600)]
    public int RetryIntervalSec { get; set; } = 1;

    /// <summary>Longest wait for an answer in seconds.</summary>
    [Parameter]
    [InRange(1, 86400)]
    public int TimeoutSec { get; set; } = 300;

    /// <summary>Send files too that the server has; it keeps or replaces its own as it is set up.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Require<object?>(() =>
    {
        if (!Uri!.IsAbsoluteUri || Uri.Scheme is not ("http" or "https") || Uri.UserInfo.Length > 0 || Uri.Query.Length > 0 || Uri.Fragment.Length > 0)
        {
            throw new MammoException(
                ErrorIds.ArgumentInvalid,
                "The server's address is the http or https root of its DICOMweb services, without user, query or fragment.",
                "Give it as http://127.0.0.1:8042/dicom-web, and the user with -Credential.",
                Uri.OriginalString);
        }

        if (Credential is not null && Uri.Scheme == "http" && !Uri.IsLoopback && !AllowUnencryptedAuthentication)
        {
            throw new MammoException(
                ErrorIds.CredentialUnencrypted,
                $"The password would go to {Uri.Host} without encryption.",
                "Use https, or -AllowUnencryptedAuthentication where the network is trusted.",
                Uri.OriginalString);
        }

        _client = new StowClient(new StowOptions(
            Uri, Credential?.GetNetworkCredential(), MaximumRetryCount, TimeSpan.FromSeconds(RetryIntervalSec), TimeSpan.FromSeconds(TimeoutSec), Force));
        return null;
    });

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var isLiteral = ParameterSetName == "LiteralPath";
        foreach (var path in ResolveExisting(isLiteral ? LiteralPath : Path, isLiteral))
        {
            if (!Directory.Exists(path))
                Attempt(() => Take(path), path);
            else
            {
                foreach (var file in Require(() => InstanceFiles.Below(path)))
                    Attempt(() => Take(file), file);
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Send();
        base.EndProcessing();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _client?.Dispose();
        base.Dispose(disposing);
    }

    private void Take(string path)
    {
        var file = InstanceFile.Read(path);
        if (!_taken.TryAdd(file.SopInstanceUid, path))
        {
            throw new MammoException(
                ErrorIds.ImageTwice,
                $"'{path}' is the same SOP instance as '{_taken[file.SopInstanceUid]}' and is not sent.",
                "Send each instance once.",
                path);
        }

        if (!ShouldProcess(path, $"Store at {Uri}"))
            return;
        _open.Add(file);
        if (_open.Count == MostFiles || _open.Sum(open => open.Length) >= MostBytes)
            Send();
    }

    private void Send()
    {
        if (_open.Count == 0)
            return;
        var records = Require(() => _client!.Store(_open, StopToken));
        _open.Clear();
        foreach (var record in records)
        {
            WriteObject(record);
            if (record.ErrorId is { } id)
            {
                var message = $"'{record.Path}' is not stored at {record.Server} ({record.Status}): {record.Reason.TrimEnd('.')}.";
                WriteError(ErrorRecords.Of(new MammoException(id, message, target: record.Path), record));
            }
        }

        _done += records.Count;
        StartProgress("Sending DICOM files").Update(_done, $"{_done} files", null);
    }
}
