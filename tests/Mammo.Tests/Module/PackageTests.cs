using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Xml.Linq;
using Mammo.Tests.PowerShell;

namespace Mammo.Tests.Module;

/// <summary>What goes to a gallery.</summary>
public sealed class PackageTests
{
    private static readonly XNamespace Nuspec = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd";

    [Fact]
    public void The_same_files_give_the_same_bytes() => Assert.Equal(
        File.ReadAllBytes(ModulePackage.Pack(Shared.NewFolder())), File.ReadAllBytes(ModulePackage.Pack(Shared.NewFolder())));

    [Fact]
    public void Every_file_has_its_hash_and_none_is_of_libtorch()
    {
        var sums = File.ReadAllLines(Path.Combine(ModulePackage.Folder, "SHA256SUMS")).ToImmutableDictionary(line => line[66..], line => line[..64]);
        var files = Directory.GetFiles(ModulePackage.Folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(ModulePackage.Folder, file).Replace('\\', '/'))
            .Where(name => name is not ("SHA256SUMS" or "Mammo.nuspec" or "_rels/.rels" or "[Content_Types].xml"));
        Assert.Equal(files.Order(StringComparer.Ordinal), sums.Keys.Order(StringComparer.Ordinal));
        Assert.All(sums, sum =>
            Assert.Equal(sum.Value, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(ModulePackage.Folder, sum.Key))))));
        Assert.DoesNotContain(sums.Keys, name => name.Contains("torch_cpu", StringComparison.Ordinal) || name.Contains("c10.", StringComparison.Ordinal));
        Assert.Contains("module/bin/Mammo.Torch.dll", sums.Keys);
        Assert.Contains("LICENSE", sums.Keys);
        Assert.Contains("THIRD-PARTY-NOTICES.md", sums.Keys);
    }

    [Fact]
    public void A_publisher_gives_addresses_and_a_label()
    {
        var package = ModulePackage.Pack(
            Shared.NewFolder(), "MammoPrerelease=preview1", "MammoProjectUri=https://example.org/mammo", "MammoIconUri=https://example.org/icon.png",
            "MammoHelpUri=https://example.org/cmdlets", "MammoHelpInfoUri=https://example.org/help");
        Assert.EndsWith("Mammo.0.1.0-preview1.nupkg", package, StringComparison.Ordinal);
        var folder = Shared.NewFolder();
        ZipFile.ExtractToDirectory(package, folder);

        var metadata = XDocument.Load(Path.Combine(folder, "Mammo.nuspec")).Root!.Element(Nuspec + "metadata")!;
        Assert.Equal("0.1.0-preview1", (string?)metadata.Element(Nuspec + "version"));
        Assert.Equal("https://example.org/mammo", (string?)metadata.Element(Nuspec + "projectUrl"));
        Assert.Contains("PSCmdlet_Invoke-MammoPredict", ((string)metadata.Element(Nuspec + "tags")!).Split(' '));

        using var session = new Session();
        var manifest = (System.Management.Automation.PSModuleInfo)Assert.Single(session.Run($"Test-ModuleManifest '{Path.Combine(folder, "Mammo.psd1")}'"));
        Assert.Equal(("https://example.org/mammo", "https://example.org/icon.png"), (manifest.ProjectUri.ToString(), manifest.IconUri.ToString()));
        Assert.Equal("https://example.org/help", manifest.HelpInfoUri.TrimEnd('/'));
        var help = File.ReadAllText(Path.Combine(folder, "en-US", "Mammo.PowerShell.dll-Help.xml"));
        Assert.Contains("https://example.org/cmdlets/Invoke-MammoPredict.md", help, StringComparison.Ordinal);

        // What Update-Help finds under that address: of which version the help is, and the help itself.
        var updatable = Path.Combine(Path.GetDirectoryName(package)!, "help", $"Mammo_{manifest.Guid}_");
        XNamespace info = "http://schemas.microsoft.com/powershell/help/2010/05";
        var culture = XDocument.Load(updatable + "HelpInfo.xml").Descendants(info + "UICulture").Single();
        Assert.Equal(("en-US", "0.1.0.0"), ((string?)culture.Element(info + "UICultureName"), (string?)culture.Element(info + "UICultureVersion")));
        using var archive = ZipFile.OpenRead(updatable + "en-US_HelpContent.zip");
        Assert.Equal(
            Directory.GetFiles(Path.Combine(folder, "en-US")).Select(Path.GetFileName).Order(StringComparer.Ordinal),
            archive.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
    }
}
