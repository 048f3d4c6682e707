using System.Diagnostics;
using System.Management.Automation;
using Mammo.PowerShell.Common;
using Mammo.Torch;
using Mammo.Torch.Runtimes;

namespace Mammo.PowerShell.Runtime;

/// <summary>Brings libtorch, which training, GPUs, float64 and bfloat16 need, to a folder of the user or of all users.</summary>
[Cmdlet(VerbsLifecycle.Install, "MammoRuntime", DefaultParameterSetName = "Package", SupportsShouldProcess = true)]
[OutputType(typeof(InstalledRuntime))]
public sealed class InstallMammoRuntimeCommand : MammoCmdlet
{
    /// <summary>Where libtorch's package comes from: the address of a NuGet feed, a folder or share that holds the package, or the package itself.</summary>
    [Parameter(Position = 0, ParameterSetName = "Package")]
    [NotEmpty]
    public string Source { get; set; } = "https://api.nuget.org/v3/index.json";

    /// <summary>A PyTorch of the same version that is there already, or its folder torch/lib, or an unpacked libtorch: used where it lies.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Libtorch")]
    [NotEmpty]
    public string Libtorch { get; set; } = "";

    /// <summary>For the user alone, or for all users of the machine, which needs their administrator's rights.</summary>
    [Parameter]
    public RuntimeScope Scope { get; set; }

    /// <summary>Replace one that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var root = InstalledRuntime.RootOf(Scope);
        if (ParameterSetName == "Libtorch")
        {
            var folder = Require(() => ResolveInput(Libtorch), Libtorch);
            if (ShouldProcess(root, $"Use the libtorch of '{folder}'"))
                WriteObject(Require(() => new RuntimeInstaller(Scope).Adopt(folder, Force), folder));
            base.EndProcessing();
            return;
        }

        var package = Require(() => RuntimePackage.For(InstalledRuntime.ThisSystem));
        if (ShouldProcess(root, FormattableString.CurrentCulture($"Install {package.FileName} ({package.Bytes >> 20} MiB) from {Source}")))
        {
            var isFeed = Uri.TryCreate(Source, UriKind.Absolute, out var address) && address.Scheme is "https" or "http";
            var source = isFeed ? Source : Require(() => ResolveInput(Source));
            var progress = StartProgress("Fetching libtorch", package.Bytes);
            var clock = Stopwatch.StartNew();
            long? first = null;
            var installer = new RuntimeInstaller(Scope)
            {
                Progress = (done, total) =>
                {
                    // What an earlier try fetched took none of this one's time.
                    first ??= done;
                    TimeSpan? left = done > first ? clock.Elapsed * ((double)(total - done) / (done - first)) : null;
                    progress.Update(done, FormattableString.CurrentCulture($"{done >> 20} of {total >> 20} MiB"), left);
                },
            };
            WriteObject(Require(() => installer.Install(package, source, Force, StopToken), source));
        }

        base.EndProcessing();
    }
}
