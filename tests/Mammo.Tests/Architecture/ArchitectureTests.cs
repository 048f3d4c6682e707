using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Mammo.Tests.Architecture;

/// <summary>Who may know whom.</summary>
public sealed class ArchitectureTests
{
    [Theory]
    [InlineData("Mammo.Core")]
    [InlineData("Mammo.Codecs")]
    [InlineData("Mammo.Data", "Mammo.Codecs", "Mammo.Core")]
    [InlineData("Mammo.Evaluation", "Mammo.Core")]
    [InlineData("Mammo.Reports", "Mammo.Evaluation")]
    [InlineData("Mammo.Archive", "Mammo.Data")]
    [InlineData("Mammo.Networks", "Mammo.Data", "Mammo.Evaluation")]
    [InlineData("Mammo.Scoring", "Mammo.Networks")]
    [InlineData("Mammo.Torch", "Mammo.Scoring")]
    [InlineData("Mammo.PowerShell", "Mammo.Archive", "Mammo.Reports", "Mammo.Torch")]
    [InlineData("Mammo.Loader")]
    [InlineData("Mammo.Host")]
    public void Projects_know_only_those_below_them(string project, params string[] known) => Assert.Equal(known, References(project));

    [Fact]
    public void Every_project_has_its_place() => Assert.Equal(
        [
            "Mammo.Archive", "Mammo.Codecs", "Mammo.Core", "Mammo.Data", "Mammo.Evaluation", "Mammo.Host", "Mammo.Loader", "Mammo.Networks", "Mammo.PowerShell",
            "Mammo.Reports", "Mammo.Scoring", "Mammo.Torch",
        ],
        Directory.GetFiles(Source(), "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("Mammo.Torch", @"\busing (static )?TorchSharp\b|\bTorchSharp\.\w+[.(]|\bglobal::TorchSharp\b")]
    [InlineData("Mammo.Scoring", @"\busing (static )?Microsoft\.ML\b")]
    public void A_native_engine_is_named_in_one_project_only(string project, string use)
    {
        var users = Files("").Where(file => Regex.IsMatch(File.ReadAllText(file), use))
            .Select(file => Path.GetRelativePath(Source(), file).Replace('\\', '/').Split('/')[0]);
        Assert.Equal([project], users.Distinct());
    }

    [Theory]
    [InlineData("Mammo.Data", "Mammo.Evaluation|Mammo.Networks|Mammo.Scoring|Mammo.Torch|Mammo.PowerShell")]
    [InlineData("Mammo.Evaluation", "Mammo.Data|Mammo.Reports|Mammo.Networks|Mammo.Scoring|Mammo.Torch|Mammo.PowerShell")]
    [InlineData("Mammo.Reports", "Mammo.Data|Mammo.Networks|Mammo.Scoring|Mammo.Torch|Mammo.PowerShell|System.Management.Automation")]
    [InlineData("Mammo.Archive", "Mammo.Evaluation|Mammo.Networks|Mammo.Scoring|Mammo.Torch|Mammo.PowerShell|System.Management.Automation")]
    [InlineData("Mammo.Networks", "Mammo.Scoring|Mammo.Torch|Mammo.PowerShell|System.Management.Automation")]
    [InlineData("Mammo.Scoring", "Mammo.Torch|Mammo.PowerShell|System.Management.Automation")]
    [InlineData("Mammo.Torch", "Mammo.PowerShell|System.Management.Automation")]
    [InlineData("Mammo.Host", @"Mammo\.(?!Host)")]
    [InlineData("Mammo.Loader", @"Mammo\.(?!Loader)")]
    public void Namespaces_above_are_not_used(string project, string forbidden)
    {
        var files = Files(project).ToArray();
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.DoesNotMatch($@"(?m)^\s*using (static )?({forbidden})", File.ReadAllText(file)));
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
}
