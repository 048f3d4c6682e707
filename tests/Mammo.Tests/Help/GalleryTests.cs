using System.Text.RegularExpressions;
using Mammo.Tests.Host;
using Mammo.Tests.PowerShell;

namespace Mammo.Tests.Help;

/// <summary>The page of examples: what it links to is there, what it shows is made by its script, and its commands run.</summary>
public sealed partial class GalleryTests
{
    private const long MostBytes = 400_000;
    private static readonly string Examples = Path.Combine(Shared.Repository, "examples");
    private static readonly string Page = File.ReadAllText(Path.Combine(Examples, "README.md")).ReplaceLineEndings("\n");

    [Fact]
    public void Its_links_lead_to_files_and_name_every_example()
    {
        var targets = Link().Matches(Page).Select(link => link.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        Assert.All(targets, target => Assert.True(Path.Exists(Path.Combine(Examples, target)), target));
        Assert.All(Directory.GetFiles(Examples, "*.ps1"), script => Assert.Contains(Path.GetFileName(script), targets));
        Assert.Contains("(examples/README.md)", File.ReadAllText(Path.Combine(Shared.Repository, "README.md")), StringComparison.Ordinal);
    }

    /// <summary>The script makes each picture that is shown and no other; bytes are not compared, for fonts differ between systems.</summary>
    [Fact]
    public void Its_script_makes_its_pictures()
    {
        var folder = Shared.NewFolder();
        var run = HostProcess.Run(["-NoProfile", "-File", Path.Combine(Examples, "Gallery.ps1"), "-Folder", folder]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var kept = Films.Below(Path.Combine(Examples, "gallery"));
        Assert.Equal(kept, Films.Below(folder));
        Assert.Equal(kept, Link().Matches(Page).Select(link => link.Groups[1].Value).Where(target => target.StartsWith("gallery/", StringComparison.Ordinal))
            .Select(target => target["gallery/".Length..]).Order(StringComparer.Ordinal));
        Assert.InRange(kept.Sum(name => new FileInfo(Path.Combine(Examples, "gallery", name)).Length), 1, MostBytes);
        Assert.Contains(Words(Shown().Match(Page).Groups[1].Value), Words(run.Output), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_commands_run()
    {
        var folder = Shared.NewFolder();
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        foreach (var file in Directory.GetFiles(Path.Combine(Examples, "data")))
            File.Copy(file, Path.Combine(folder, "data", Path.GetFileName(file)));
        using var session = new Session();
        session.SetLocation(folder);
        session.Run("$ErrorActionPreference = 'Stop'");
        foreach (Match code in Code().Matches(Page))
            session.Run($". {{ {code.Groups[1].Value} }} | Out-Null");
        string[] pictures = ["calibration.png", "decisioncurve.png", "histogram.png", "precisionrecall.png", "roc.png"];
        Assert.Equal(pictures, Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains("Calc-Test_P_00127_RIGHT_CC.overlay.png", Films.Below(Path.Combine(folder, "overlays")));
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```powershell\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^```text\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Shown();
}
