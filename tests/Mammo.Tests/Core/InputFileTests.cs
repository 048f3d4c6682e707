using Mammo.Data.Datasets;
using Mammo.Data.Datasets.Formats;
using Mammo.Data.Dicom;
using Mammo.Data.Examination;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Loading;
using Mammo.Data.Preparations;
using Mammo.Data.Splits;
using Mammo.Networks.Architectures;
using Mammo.Networks.Storage;
using Mammo.Tests.Support;
using Mammo.Torch.Training.Batches;
using Mammo.Torch.Training.Checkpoints;

namespace Mammo.Tests.Core;

/// <summary>Every reader of files: what would wait or never end is an error, and a missing permission is not called damage.</summary>
public sealed partial class InputFileTests
{
    private const uint Nobody = 65534;

    private static readonly Dictionary<string, Action<string>> Readers = new()
    {
        ["image"] = path => ImageReader.Read(path),
        ["size"] = path => ImageReader.Size(path),
        ["information"] = path => ImageReader.ReadInfo(path),
        ["dicom"] = path => DicomReader.Read(path),
        ["model"] = path => ModelFiles.Import(path),
        ["weights"] = path => PretrainedWeights.Read(path, new PatchOptions { Architecture = "vgg16" }),
        ["list"] = path => DatasetCsv.Read(path),
        ["patients"] = path => PatientList.Read(path),
        ["mini-mias"] = path => MiniMias.Read(path),
        ["split"] = path => SplitFile.Read(path),
        ["hash"] = path => ContentHash.Sha256(path),
        ["leakage"] = path => _ = Leakage.Files(Dataset(path), Dataset(path), TestContext.Current.CancellationToken).ToArray(),
        ["fingerprint"] = path => DatasetFingerprint.Of(Dataset(path)),
        ["cache"] = path => new PixelStore(new Preparation(), inMemory: false, Path.GetDirectoryName(path)).Read(path),
        ["checkpoint"] = path =>
        {
            File.Move(path, Path.Combine(Path.GetDirectoryName(path)!, "epoch-00009.checkpoint"));
            new CheckpointFolder(Path.GetDirectoryName(path)!).LoadNewest<object>((text, _) => text, (_, _) => { });
        },
    };

    public static TheoryData<string> Names => [.. Readers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_pipe_is_an_error(string reader) => AssertRefused(reader, NamedPipe.Make(Path.Combine(Shared.NewFolder(), "pipe")));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_device_that_never_ends_is_an_error(string reader)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no devices among the files.");
        var link = Path.Combine(Shared.NewFolder(), "zero");
        File.CreateSymbolicLink(link, "/dev/zero");
        AssertRefused(reader, link);
    }

    [Fact]
    public void A_missing_permission_is_not_damage()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || (Environment.IsPrivilegedProcess && !OperatingSystem.IsLinux()), "This account may read everything.");
        // Those that read on other threads, or move the file first, are left out.
        var readers = Readers.Keys.Where(reader => reader is not ("leakage" or "fingerprint" or "checkpoint"));
        Assert.All(readers, reader =>
        {
            var path = Path.Combine(Shared.NewFolder(), "kept.png");
            File.Copy(Shared.Data("oracle", "images", "img04_u8_301x217.png"), path);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.None);
            Assert.Equal(ErrorIds.FileUnreadable, AssertRefused(reader, path, Environment.IsPrivilegedProcess).ErrorId);
        });
    }

    private static MammoException AssertRefused(string reader, string path, bool asNobody = false)
    {
        Exception? failure = null;
        var reading = new Thread(() =>
        {
            // Root may read everything; a thread of it need not.
            if (asNobody)
                _ = SetFileSystemUser(Nobody);
            failure = Record.Exception(() => Readers[reader](path));
        })
        { IsBackground = true };
        reading.Start();
        Assert.True(reading.Join(TestRun.Patience / 20), "it waits");
        return Assert.IsType<MammoException>(failure);
    }

    private static MammoDataset Dataset(string path) => new("test", ["neg", "pos"], [new MammoImage(path) { Class = "neg", Label = 0 }]);

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileSystemUser(uint user);
}
