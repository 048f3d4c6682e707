using System.IO.Compression;
using System.Text.Json;

namespace Mammo.Tests.Torch;

/// <summary>The build step that makes TorchSharp's native library loadable on older systems.</summary>
public sealed class MendTests
{
    private const string Entry = "runtimes/linux-x64/native/libLibTorchSharp.so";

    [Fact]
    public void One_flag_differs_from_the_package_which_is_untouched()
    {
        var mended = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
        Assert.SkipUnless(File.Exists(mended), "Only builds for Linux have this library.");

        var original = File.ReadAllBytes(Path.Combine(Package(), Entry));
        Assert.Equal(Packed(), original);

        var copy = File.ReadAllBytes(mended);
        Assert.Equal(original.Length, copy.Length);
        var at = Assert.Single(Enumerable.Range(0, copy.Length), i => copy[i] != original[i]);
        Assert.Equal((0, 2), (original[at], copy[at]));
        // The entry's flags stand after its name's ELF hash.
        Assert.Equal(ElfHash("GLIBCXX_3.4.32"), BitConverter.ToUInt32(copy, at - 4));
    }

    [Theory]
    [InlineData("GLIBCXX_3.4.21", "calls a symbol of version GLIBCXX_3.4.21")]
    [InlineData("GLIBCXX_9.9.99", null)]
    public void A_version_that_is_called_is_refused_and_one_that_is_not_named_changes_nothing(string version, string? problem)
    {
        var source = Path.Combine(Package(), Entry);
        var destination = Path.Combine(Shared.NewFolder(), "copy.so");
        var run = Mend(source, destination, version);
        Assert.Equal(problem is null, run.ExitCode == 0);
        Assert.Contains(problem ?? "", run.Output, StringComparison.Ordinal);
        Assert.Equal(problem is null ? File.ReadAllBytes(source) : null, File.Exists(destination) ? File.ReadAllBytes(destination) : null);
    }

    [Fact]
    public void Another_kind_of_file_is_refused()
    {
        var run = Mend(Path.Combine(Shared.Repository, "LICENSE"), Path.Combine(Shared.NewFolder(), "copy.so"), "GLIBCXX_3.4.32");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("is not a 64-bit little-endian ELF file", run.Output, StringComparison.Ordinal);
    }

    private static ChildProcess Mend(string source, string destination, string version)
    {
        var project = Path.Combine(Shared.NewFolder(), "mend.proj");
        File.WriteAllText(project, $"""
            <Project DefaultTargets="Mend">
              <Import Project="{Shared.Repository}/build/Natives.targets" />
              <Target Name="Mend"><WeakenSymbolVersion Source="{source}" Destination="{destination}" Version="{version}" /></Target>
            </Project>
            """);
        return ChildProcess.Run("dotnet", ["msbuild", project, "-nologo", "-nodeReuse:false"], ("DOTNET_CLI_UI_LANGUAGE", "en"));
    }

    private static string Package()
    {
        using var assets = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Shared.Repository, "src", "Mammo.Torch", "obj", "project.assets.json")));
        var package = assets.RootElement.GetProperty("libraries").EnumerateObject()
            .Single(library => library.Name.StartsWith("TorchSharp/", StringComparison.Ordinal)).Value.GetProperty("path").GetString()!;
        return assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => Path.Combine(folder.Name, package)).First(Directory.Exists);
    }

    private static byte[] Packed()
    {
        using var archive = ZipFile.OpenRead(Directory.GetFiles(Package(), "*.nupkg").Single());
        using var bytes = new MemoryStream();
        using (var stream = archive.GetEntry(Entry)!.Open())
            stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    // System V ABI, "Hash Table".
    private static uint ElfHash(string name)
    {
        uint hash = 0;
        foreach (var letter in name)
        {
            hash = (hash << 4) + letter;
            var high = hash & 0xF0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        return hash;
    }
}
