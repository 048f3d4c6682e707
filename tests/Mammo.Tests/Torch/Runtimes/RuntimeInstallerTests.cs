using System.IO.Compression;
using System.Security.Cryptography;
using Mammo.Torch;
using Mammo.Torch.Runtimes;

namespace Mammo.Tests.Torch.Runtimes;

public sealed class RuntimeInstallerTests
{
    private static readonly string Library = OperatingSystem.IsWindows() ? "torch_cpu.dll" : "libtorch_cpu.so";
    private static readonly string[] Libraries =
        [.. new[] { "c10", "torch", "torch_cpu" }.Select(name => Library.Replace("torch_cpu", name, StringComparison.Ordinal))];
    private readonly string _root = Path.Combine(Shared.NewFolder(), "runtime");
    private readonly string _share = Shared.NewFolder();

    private RuntimeInstaller Installer => new(RuntimeScope.CurrentUser, _root);

    [Fact]
    public void A_package_from_a_folder_becomes_a_runtime_with_its_libraries_and_licence_alone()
    {
        var package = Package();
        var runtime = Installer.Install(package, _share, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(["LICENSE-LIBTORCH.txt", .. Libraries, "runtime.json"], Names(runtime.Folder).Order(StringComparer.Ordinal));
        Assert.Equal(runtime, InstalledRuntime.Read(runtime.Folder, RuntimeScope.CurrentUser));
        Assert.Equal([package.RuntimeName], Names(_root));

        File.Delete(Path.Combine(_share, package.FileName));
        Assert.Equal(runtime, Installer.Install(package, "nowhere", cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(ErrorIds.FileNotFound, Fails(() => Installer.Install(package, _share, force: true)));
        Installer.Uninstall(runtime);
        Assert.Empty(Names(_root));
    }

    [Fact]
    public void A_package_with_another_hash_is_refused_and_leaves_nothing()
    {
        var package = Package() with { Sha512 = "AAAA" };
        Assert.Equal(ErrorIds.RuntimeDamaged, Fails(() => Installer.Install(package, _share, cancellation: TestContext.Current.CancellationToken)));
        Assert.Empty(Names(_root));
        Assert.True(File.Exists(Path.Combine(_share, package.FileName)), "the user's file stays");
    }

    [Fact]
    public void A_download_goes_on_where_the_connection_broke()
    {
        var package = Package(1 << 20);
        using var feed = new PackageFeed(File.ReadAllBytes(Path.Combine(_share, package.FileName))) { BreaksAt = 300_000 };
        var seen = new List<long>();
        var installer = new RuntimeInstaller(RuntimeScope.CurrentUser, _root) { Progress = (done, total) => seen.Add(done) };
        var runtime = installer.Install(package, feed.Address, cancellation: TestContext.Current.CancellationToken);
        Assert.Contains(Library, Names(runtime.Folder));
        Assert.Equal([package.RuntimeName], Names(_root));
        Assert.Equal(["", "bytes=300000-"], feed.Ranges);
        Assert.Equal(package.Bytes, seen[^1]);
        Assert.Equal(seen.Order(), seen);
    }

    [Fact]
    public void A_download_that_was_stopped_goes_on_at_the_next_call()
    {
        var package = Package(1 << 20);
        using var feed = new PackageFeed(File.ReadAllBytes(Path.Combine(_share, package.FileName)));
        using var stop = new CancellationTokenSource();
        var stopping = new RuntimeInstaller(RuntimeScope.CurrentUser, _root) { Progress = (_, _) => stop.Cancel() };
        Assert.ThrowsAny<OperationCanceledException>(() => stopping.Install(package, feed.Address, cancellation: stop.Token));
        Assert.Equal([package.FileName + ".part"], Names(_root));
        Installer.Install(package, feed.Address, cancellation: TestContext.Current.CancellationToken);
        Assert.StartsWith("bytes=", feed.Ranges[^1], StringComparison.Ordinal);
        Assert.Equal([package.RuntimeName], Names(_root));
    }

    [Fact]
    public void A_runtime_whose_libraries_were_removed_is_installed_again()
    {
        var package = Package();
        var runtime = Installer.Install(package, _share, cancellation: TestContext.Current.CancellationToken);
        Assert.True(runtime.IsWhole);
        File.Delete(Path.Combine(runtime.Folder, Library));
        Assert.False(InstalledRuntime.Read(runtime.Folder, RuntimeScope.CurrentUser)!.IsWhole);
        Assert.True(Installer.Install(package, _share, cancellation: TestContext.Current.CancellationToken).IsWhole);
        Assert.Equal([package.RuntimeName], Names(_root));
    }

    [Fact]
    public void A_PyTorch_that_is_gone_gives_way_to_another()
    {
        var (gone, here) = (PyTorch("cpu"), PyTorch("cpu"));
        Installer.Adopt(gone);
        Directory.Delete(gone, recursive: true);
        Assert.Equal(Path.Combine(here, "lib"), Installer.Adopt(here).Libraries);
        Directory.Delete(here, recursive: true);
        Assert.True(Installer.Install(Package(), _share, cancellation: TestContext.Current.CancellationToken).IsWhole);
    }

    [Fact]
    public void A_failure_gives_the_folder_back()
    {
        var package = Package();
        Assert.Equal(ErrorIds.FileNotFound, Fails(() => Installer.Install(package, "nowhere")));
        Assert.True(Installer.Install(package, _share, cancellation: TestContext.Current.CancellationToken).IsWhole);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("nothing")]
    [InlineData("{\"resources\":7}")]
    [InlineData("{\"resources\":[{}]}")]
    [InlineData("{\"resources\":[{\"@type\":\"PackageBaseAddress/3.0.0\",\"@id\":\"packages\"}]}")]
    public void What_is_no_feed_is_an_error(string index)
    {
        using var feed = new PackageFeed([1]) { Index = index };
        Assert.Equal(ErrorIds.RuntimeNotFetched, Fails(() => Installer.Install(Package(), feed.Address)));
    }

    [Fact]
    public void A_full_disk_is_named_as_such()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no device that is always full.");
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var error = Assert.Throws<MammoException>(() => PackageDownload.Write(full, [1]));
        Assert.Equal((ErrorIds.FileNotWritten, "Free room on its disk, or name another folder."), (error.ErrorId, error.SuggestedFix));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_feed_without_the_package_or_with_a_longer_one_is_an_error(bool isMissing, bool isLonger)
    {
        var package = Package(1 << 20);
        var content = File.ReadAllBytes(Path.Combine(_share, package.FileName));
        using var feed = new PackageFeed(isMissing ? [] : isLonger ? [.. content, .. content] : content);
        Assert.Equal(ErrorIds.RuntimeNotFetched, Fails(() => Installer.Install(package, feed.Address, cancellation: TestContext.Current.CancellationToken)));
        Assert.DoesNotContain(package.RuntimeName, Names(_root));
    }

    [Theory]
    [InlineData("torch/version.py", "__version__ = '2.10.0+cu128'", "torch/lib", "torch/lib", true)]
    [InlineData("torch/version.py", "from typing import Optional\n__version__ = '2.10.0'", "torch/lib", "torch", true)]
    [InlineData("torch/version.py", "__version__ = \"2.10.0+cpu\"", "torch/lib", "", true)]
    [InlineData("build-version", "2.10.0+cpu", "lib", "", true)]
    [InlineData("torch/version.py", "__version__ = '2.9.1+cu128'", "torch/lib", "", false)]
    [InlineData("torch/other.py", "__version__ = '2.10.0'", "torch/lib", "", false)]
    public void A_PyTorch_is_taken_where_it_lies_if_its_version_fits(string file, string text, string libraries, string named, bool fits)
    {
        var home = Shared.NewFolder();
        Write(Path.Combine(home, file), text);
        Write(Path.Combine(home, libraries, Library), "");
        var before = Names(home);
        if (!fits)
        {
            Assert.Equal(ErrorIds.TorchUnavailable, Fails(() => Installer.Adopt(Path.Combine(home, named))));
            return;
        }

        var runtime = Installer.Adopt(Path.Combine(home, named));
        Assert.Equal(Path.GetFullPath(Path.Combine(home, libraries)), runtime.Libraries);
        Assert.False(runtime.HasCuda);
        Installer.Uninstall(runtime);
        Assert.True(File.Exists(Path.Combine(home, libraries, Library)));
        Assert.Equal(before, Names(home));
    }

    [Fact]
    public void Another_PyTorch_replaces_one_by_force_only_and_CUDA_is_seen()
    {
        string[] homes = [PyTorch("cpu", "cuda"), PyTorch("cpu", "cuda")];
        Assert.True(Installer.Adopt(homes[0]).HasCuda);
        Assert.Equal(ErrorIds.FileExists, Fails(() => Installer.Adopt(homes[1])));
        Assert.Equal(Path.Combine(homes[1], "lib"), Installer.Adopt(homes[1], force: true).Libraries);
        Assert.Single(Names(_root));
    }

    [Fact]
    public void What_a_killed_installation_left_is_removed()
    {
        Directory.CreateDirectory(Path.Combine(_root, ".mammo-00000000-1-abc.tmp", "half"));
        var package = Package();
        Installer.Install(package, _share, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([package.RuntimeName], Names(_root));
    }

    // Unpacked, with files of no content for its libraries.
    private static string PyTorch(params string[] devices)
    {
        var home = Shared.NewFolder();
        Write(Path.Combine(home, "build-version"), "2.10.0");
        foreach (var name in Libraries.Concat(devices.Select(device => Library.Replace("cpu", device, StringComparison.Ordinal))))
            Write(Path.Combine(home, "lib", name), "");
        return home;
    }

    // A package of this system with random libraries.
    private RuntimePackage Package(int length = 1000)
    {
        var name = "libtorch-cpu-" + InstalledRuntime.ThisSystem;
        var path = Path.Combine(_share, $"{name}.2.10.0.nupkg");
        var content = new byte[length];
        new Random(1).NextBytes(content);
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            foreach (var entry in new[]
                {
                    $"runtimes/{InstalledRuntime.ThisSystem}/native/libtorch_python.so", $"runtimes/other-x64/native/{Library}",
                    $"runtimes/{InstalledRuntime.ThisSystem}/native/more/{Library}", "LICENSE-LIBTORCH.txt", "x.nuspec",
                }.Concat(Libraries.Select(library => $"runtimes/{InstalledRuntime.ThisSystem}/native/{library}")))
            {
                using var stream = zip.CreateEntry(entry, CompressionLevel.NoCompression).Open();
                stream.Write(content);
            }
        }

        var bytes = File.ReadAllBytes(path);
        return new RuntimePackage(name, "2.10.0", InstalledRuntime.ThisSystem, bytes.Length, Convert.ToBase64String(SHA512.HashData(bytes)));
    }

    private static string[] Names(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string? Fails(Action work) => Assert.Throws<MammoException>(work).ErrorId;

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
