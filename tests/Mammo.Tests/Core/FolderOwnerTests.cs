using System.Diagnostics;

namespace Mammo.Tests.Core;

public sealed class FolderOwnerTests
{
    [Fact]
    public void A_folder_has_one_owner_at_a_time()
    {
        var folder = Path.Combine(Shared.NewFolder(), "owned");
        using (FolderOwner.Take(folder))
        {
            var error = Assert.Throws<MammoException>(() => FolderOwner.Take(folder));
            Assert.Equal(ErrorIds.FolderInUse, error.ErrorId);
            Assert.Contains($"process {Environment.ProcessId} is", error.Message, StringComparison.Ordinal);
        }

        FolderOwner.Take(folder).Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void A_lock_that_a_dead_process_left_is_taken_over()
    {
        var folder = Shared.NewFolder();
        File.WriteAllText(Path.Combine(folder, ".mammo.lock"), "process 1 on elsewhere");
        FolderOwner.Take(folder).Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void Of_many_that_come_at_once_one_has_the_folder()
    {
        var folder = Shared.NewFolder();
        var (inside, most, taken) = (0, 0, 0);
        Parallel.For(0, 8, _ =>
        {
            for (var round = 0; round < 50; round++)
            {
                try
                {
                    using var owner = FolderOwner.Take(folder);
                    var now = Interlocked.Increment(ref inside);
                    most = Math.Max(most, now);
                    Interlocked.Increment(ref taken);
                    Interlocked.Decrement(ref inside);
                }
                catch (MammoException error) when (error.ErrorId == ErrorIds.FolderInUse)
                {
                }
            }
        });
        Assert.Equal(1, most);
        Assert.InRange(taken, 1, 400);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void Temporary_files_of_dead_processes_go_and_others_stay()
    {
        var folder = Shared.NewFolder();
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["--version"]) { RedirectStandardOutput = true })!;
        process.WaitForExit();
        var own = Path.GetFileName(TemporaryFiles.In(folder));
        var dead = own.Replace($"-{Environment.ProcessId}-", $"-{process.Id}-", StringComparison.Ordinal);
        var elsewhere = ".mammo-00000000-1-abc.tmp";
        foreach (var name in new[] { own, dead, elsewhere, ".other.tmp", "mine.tmp" })
            File.WriteAllText(Path.Combine(folder, name), "");
        AtomicFile.Write(Path.Combine(folder, "result.txt"), stream => stream.WriteByte(1));
        Assert.Equal(new[] { own, elsewhere, ".other.tmp", "mine.tmp", "result.txt" }.Order(StringComparer.Ordinal),
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        File.SetLastWriteTimeUtc(Path.Combine(folder, elsewhere), DateTime.UtcNow.AddDays(-2));
        TemporaryFiles.Sweep(folder);
        Assert.False(File.Exists(Path.Combine(folder, elsewhere)));
    }
}
