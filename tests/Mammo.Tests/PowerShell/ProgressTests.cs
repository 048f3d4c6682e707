using System.Management.Automation;

namespace Mammo.Tests.PowerShell;

/// <summary>A progress bar is taken down with its command, however that ends: PowerShell itself leaves it up until the script has ended.</summary>
public sealed class ProgressTests : IDisposable
{
    // The bar is silent in the first second, which begins with the first record; the wait is longer, so that the bar is shown whatever the machine does.
    private const string Show = """
        $n = 0
        Get-MammoImageInfo ./*.png | ForEach-Object { if (++$n -eq 2) { Start-Sleep -Milliseconds 1100 }; $_ }
        """;

    private readonly Session _session = new();

    public ProgressTests() => _session.SetLocation(Path.Combine(Shared.Repository, "examples", "data"));

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(" | Select-Object -First 4")]
    [InlineData(" | ForEach-Object { if ($n -eq 4) { throw 'of a later command' } }")]
    public void It_ends_with_its_command(string next)
    {
        _session.Run($"try {{ {Show}{next} }} catch {{ }}");
        AssertEnded();
    }

    [Fact]
    public void It_ends_with_Ctrl_C()
    {
        using var isShown = new ManualResetEventSlim();
        _session.Set("shown", isShown);
        _session.Stop($"{Show} | ForEach-Object {{ if ($n -eq 4) {{ $shown.Set(); Start-Sleep -Seconds 600 }} }}", () => isShown.IsSet);
        AssertEnded();
    }

    private void AssertEnded()
    {
        Assert.Contains(_session.Progress, record => record.RecordType == ProgressRecordType.Processing);
        Assert.Equal(ProgressRecordType.Completed, _session.Progress[^1].RecordType);
    }
}
