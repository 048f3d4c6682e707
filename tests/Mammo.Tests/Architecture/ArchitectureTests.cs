using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Mammo.Tests.Architecture;

/// <summary>Who may know whom.</summary>
public sealed partial class ArchitectureTests
{
    [Theory]
    [InlineData("Mammo.Codecs")]
    [InlineData("Mammo.Errors")]
    [InlineData("Mammo.Data", "Mammo.Codecs", "Mammo.Errors")]
    [InlineData("Mammo.Evaluation", "Mammo.Errors")]
    [InlineData("Mammo.Networks", "Mammo.Data", "Mammo.Evaluation")]
    [InlineData("Mammo.PowerShell", "Mammo.Networks")]
    [InlineData("Mammo.Loader")]
    [InlineData("Mammo.Host")]
    public void Projects_know_only_those_below_them(string project, params string[] known) => Assert.Equal(known, References(project));

    [Fact]
    public void Every_project_has_its_place() => Assert.Equal(
        ["Mammo.Codecs", "Mammo.Data", "Mammo.Errors", "Mammo.Evaluation", "Mammo.Host", "Mammo.Loader", "Mammo.Networks", "Mammo.PowerShell"],
        Directory.GetFiles(Source(), "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Fact]
    public void TorchSharp_is_named_in_two_folders_of_the_networks_only()
    {
        var users = Files("").Where(file => TorchSharpUse().IsMatch(File.ReadAllText(file))).Select(file => Path.GetRelativePath(Source(), Path.GetDirectoryName(file)!).Replace('\\', '/'));
        Assert.All(users, folder => Assert.Matches("^Mammo.Networks/(Torch|Training)(/|$)", folder));
        Assert.NotEmpty(users);
    }

    [Theory]
    [InlineData("Mammo.Data", "Mammo.Evaluation|Mammo.Networks|Mammo.PowerShell")]
    [InlineData("Mammo.Evaluation", "Mammo.Data|Mammo.Networks|Mammo.PowerShell")]
    [InlineData("Mammo.Networks", "Mammo.PowerShell|System.Management.Automation")]
    [InlineData("Mammo.Host", "Mammo.Data|Mammo.Evaluation|Mammo.Networks|Mammo.PowerShell|Mammo.Errors")]
    [InlineData("Mammo.Loader", "Mammo.Data|Mammo.Evaluation|Mammo.Networks|Mammo.PowerShell|Mammo.Errors")]
    public void Namespaces_above_are_not_used(string project, string forbidden)
    {
        var files = Files(project).ToArray();
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.DoesNotMatch($@"(?m)^\s*using (static )?({forbidden})\b", File.ReadAllText(file)));
    }

    private static string Source() => Path.Combine(Shared.Repository, "src");

    private static IEnumerable<string> Files(string project) => Directory.EnumerateFiles(Path.Combine(Source(), project), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    // References that only order the build carry no types.
    private static IEnumerable<string> References(string project) => XDocument.Load(Path.Combine(Source(), project, project + ".csproj"))
        .Descendants("ProjectReference")
        .Where(reference => reference.Attribute("ReferenceOutputAssembly")?.Value != "false")
        .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value))
        .Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\busing (static )?TorchSharp\b|\bTorchSharp\.\w+[.(]|\bglobal::TorchSharp\b")]
    private static partial Regex TorchSharpUse();
}
