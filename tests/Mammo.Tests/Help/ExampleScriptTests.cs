using System.Globalization;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using Mammo.Tests.Host;

namespace Mammo.Tests.Help;

/// <summary>
/// The scripts in examples: they run in any PowerShell that Mammo supports, and name what is there. QuickStart.ps1 is run by .ci/run, Score-Dicom.ps1 and
/// Report.ps1 here.
/// </summary>
public sealed class ExampleScriptTests
{
    private static readonly string Folder = Path.Combine(Shared.Repository, "examples");

    public static TheoryData<string> Scripts =>
        [.. Directory.GetFiles(Folder, "*.ps1").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal), "archive/Score-Shard.ps1"];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void It_imports_Mammo_itself_and_names_what_is_there(string name)
    {
        var text = File.ReadAllText(Path.Combine(Folder, name));
        Assert.Empty(CodeCheck.Faults(text));
        var script = Parser.ParseInput(text, out _, out _);
        Assert.Equal(new Version(7, 6), script.ScriptRequirements?.RequiredPSVersion);
        Assert.Contains("if (-not (Get-Module Mammo)) { Import-Module \"$PSScriptRoot/../Mammo.psd1\" }",
            text.Replace("/../../", "/../", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    /// <summary>What the templates of schedulers run, here without a scheduler: shards in processes of their own.</summary>
    [Fact]
    public void Shards_are_scored_in_processes_of_their_own()
    {
        var folder = Shared.NewFolder();
        var script = $$"""
            New-MammoWorklist '{{Shared.Repository}}/examples/data' -Out '{{folder}}/worklist.jsonl' | Out-Null
            & '{{Folder}}/archive/Score-OverRemoting.ps1' -Worklist '{{folder}}/worklist.jsonl' -Model mini-mias -Out '{{folder}}/shards' -Shard 2 -Process 2 `
                -PowerShell dotnet, '{{HostProcess.Assembly}}' -Option '@{ RescaleFactor = 0.003891; WarningAction = "Ignore" }' |
                ForEach-Object { "$($_.Shard) $($_.ExitCode)" }
            (Merge-MammoResult '{{folder}}' -Out '{{folder}}/scores.csv').Scored
            """;
        var run = HostProcess.RunCommand(script);
        Assert.True((run.ExitCode, run.Error) == (0, ""), run.Error);
        Assert.Contains("0/2 0", run.Lines);
        Assert.Contains("1/2 0", run.Lines);
        Assert.Equal("6", run.Lines[^1]);
    }

    [Fact]
    public void The_tasks_of_Azure_Batch_are_all_shards()
    {
        var run = HostProcess.RunCommand($"& '{Folder}/archive/Add-AzureBatchTask.ps1' -Shard 101 -WhatIf",
            ("AZ_BATCH_ACCOUNT_URL", "https://account"), ("AZ_BATCH_JOB_ID", "mammo"));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(101, Regex.Count(run.Output, @"-Shard (\d+)/101"));
        using var job = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "archive", "azure-batch.json")));
        Assert.Equal("mammo", job.RootElement.GetProperty("id").GetString());
    }

    [Fact]
    public void Every_DICOM_file_has_a_score_or_a_reason()
    {
        var run = HostProcess.Run(["-NoProfile", "-File", Path.Combine(Folder, "Score-Dicom.ps1")]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        // Of the 37 files one is no DICOM at all. Refused or damaged: for processing, several frames, colour, and five more.
        var last = Regex.Match(run.Output, "([0-9]+) images have a score, ([0-9]+) have a reason why not");
        var (scored, explained) = (int.Parse(last.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(
            last.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
        Assert.True(scored >= 25, run.Output);
        Assert.True(explained >= 7, run.Output);
        foreach (var id in new[]
            { ErrorIds.DicomForProcessing, ErrorIds.DicomMultiFrame, ErrorIds.DicomColour, ErrorIds.ImageUnreadable, ErrorIds.DicomTransferSyntax })
            Assert.Contains(id, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_is_made_from_committed_predictions()
    {
        var folder = Shared.NewFolder();
        var run = HostProcess.Run(["-NoProfile", "-File", Path.Combine(Folder, "Report.ps1"), "-Folder", folder, "-Bootstrap", "200"]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches(@"all\s+Patient\s+33\s+22\s+33\s+pos 0\.6281 \(0\.403-0\.808\)", run.Output);
        Assert.Equal(["report.html", "report.json", "roc.svg"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var html = File.ReadAllText(Path.Combine(folder, "report.html"));
        Assert.Contains("AUC 0.628 (95% interval 0.403 to 0.808)", html, StringComparison.Ordinal);
        Assert.Contains("<h3>mini-mias</h3>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What docs/mini-mias.md says of the films together is what its scores give.</summary>
    [Fact]
    public void The_figures_of_mini_MIAS_come_from_the_kept_scores()
    {
        var run = HostProcess.Run(["-NoProfile", "-File", Path.Combine(Folder, "Measure-MiniMias.ps1")]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var page = File.ReadAllText(Path.Combine(Shared.Repository, "docs", "mini-mias.md"));
        var areas = Regex.Matches(run.Output, @"322 films: AUC (0\.[0-9]{3} \(0\.[0-9]{3} to 0\.[0-9]{3}\))");
        Assert.NotEmpty(areas);
        Assert.All(areas, area => Assert.Contains(area.Groups[1].Value, page, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Its_help_describes_every_parameter(string name)
    {
        var script = Parser.ParseFile(Path.Combine(Folder, name), out _, out _);
        var help = script.GetHelpContent();
        Assert.NotEmpty(help.Synopsis);
        Assert.NotEmpty(help.Examples);
        Assert.Equal(
            script.ParamBlock.Parameters.Select(parameter => parameter.Name.VariablePath.UserPath.ToUpperInvariant()).Order(StringComparer.Ordinal),
            help.Parameters.Keys.Order(StringComparer.Ordinal));
    }
}
