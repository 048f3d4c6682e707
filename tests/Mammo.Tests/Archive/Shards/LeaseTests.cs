using Mammo.Archive.Shards;

namespace Mammo.Tests.Archive.Shards;

public sealed class LeaseTests
{
    private static readonly Shard Third = Shard.Parse("3/8");
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public void A_shard_has_one_holder_at_a_time()
    {
        var folder = Shared.NewFolder();
        using (Take(folder, Third, Long))
        {
            var error = Assert.Throws<MammoException>(() => Take(folder, Third, Long));
            Assert.Equal(ErrorIds.ShardInUse, error.ErrorId);
            Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", error.Message, StringComparison.Ordinal);
            Take(folder, Shard.Parse("2/8"), Long).Dispose();
        }

        Take(folder, Third, Long).Dispose();
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void A_dead_process_of_this_machine_holds_nothing()
    {
        var folder = Shared.NewFolder();
        Write(folder, 4, ProcessIdentity.Own with { Process = int.MaxValue }, Long, 0);
        using var lease = Take(folder, Third, Long);
        Assert.Equal(["0003-of-0008.lease.5"], Directory.GetFiles(folder).Select(Path.GetFileName));

        // The number of a process comes again; when it began does not.
        Write(folder, 9, ProcessIdentity.Own with { Start = 1 }, Long, 0);
        using var next = Take(folder, Third, Long);
        Assert.True(File.Exists(Path.Combine(folder, "0003-of-0008.lease.10")));
    }

    [Theory]
    [InlineData("elsewhere")]
    [InlineData("")]
    public void Of_another_machine_the_time_without_a_sign_decides(string machine)
    {
        // Its clock may say what it likes: the file is from the future.
        var folder = Shared.NewFolder();
        var path = Path.Combine(folder, "0003-of-0008.lease.1");
        if (machine.Length > 0)
            Write(folder, 1, new ProcessIdentity(machine, 1, 1), TimeSpan.FromSeconds(0.5), 7);
        else
            File.WriteAllText(path, "");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddYears(1));
        using var lease = Take(folder, Third, TimeSpan.FromSeconds(0.5));
        Assert.Equal(["0003-of-0008.lease.2"], Directory.GetFiles(folder).Select(Path.GetFileName));
    }

    /// <summary>The name of a file is taken on a disk that has no room for its content.</summary>
    [Fact]
    public void On_a_full_disk_nobody_waits()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Made with a file system of Linux.");
        var folder = Shared.NewFolder();
        var program = $"mount -t tmpfs -o size=16k none '{folder}' && head -c 16384 /dev/zero > '{folder}/fill' && dotnet "
            + $"'{typeof(LeaseTests).Assembly.Location}' "
            + $"{Support.Program.Task} {LeaseTask.Name} '{folder}'; ls '{folder}'";
        var run = ChildProcess.Run("unshare", ["-rm", "bash", "-c", program]);
        Assert.SkipWhen(run.Error.Contains("unshare", StringComparison.Ordinal) || run.Error.Contains("mount", StringComparison.Ordinal), run.Error);
        Assert.Equal([ErrorIds.FolderUnwritable, "fill"], run.Lines);
    }

    [Fact]
    public async Task A_sign_of_life_refuses()
    {
        var folder = Shared.NewFolder();
        Write(folder, 1, new ProcessIdentity("elsewhere", 1, 1), Long, 0);
        var second = Task.Run(() => Assert.Throws<MammoException>(() => Take(folder, Third, TimeSpan.FromSeconds(1))), TestContext.Current.CancellationToken);
        var beats = 0;
        while (!second.IsCompleted)
        {
            Write(folder, 1, new ProcessIdentity("elsewhere", 1, 1), Long, ++beats);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal(ErrorIds.ShardInUse, (await second).ErrorId);
        using var cancelled = new CancellationTokenSource(50);
        Assert.Throws<OperationCanceledException>(() => Lease.Take(folder, Third, Long, cancelled.Token));
    }

    [Fact]
    public void Who_loses_it_finds_out_and_leaves_the_next_one_alone()
    {
        var folder = Shared.NewFolder();
        using var lease = Take(folder, Third, TimeSpan.FromSeconds(0.3));
        var first = Path.Combine(folder, "0003-of-0008.lease.1");
        var before = File.ReadAllText(first);
        Assert.True(SpinWait.SpinUntil(() => File.ReadAllText(first) is { Length: > 0 } now && now != before, TestRun.Patience));
        Write(folder, 2, new ProcessIdentity("elsewhere", 1, 1), Long, 0);
        Assert.True(SpinWait.SpinUntil(() => lease.IsLost, TestRun.Patience));
        lease.Dispose();
        Assert.True(File.Exists(Path.Combine(folder, "0003-of-0008.lease.2")));
    }

    [Fact]
    public void Of_many_that_come_at_once_one_takes_over()
    {
        var folder = Shared.NewFolder();
        for (var round = 0; round < 10; round++)
        {
            Write(folder, 1, ProcessIdentity.Own with { Start = 1 }, Long, 0);
            var taken = new System.Collections.Concurrent.ConcurrentBag<Lease>();
            Parallel.For(0, 8, _ =>
            {
                try
                {
                    taken.Add(Take(folder, Third, Long));
                }
                catch (MammoException error) when (error.ErrorId == ErrorIds.ShardInUse)
                {
                }
            });
            Assert.Single(taken).Dispose();
            Assert.Empty(Directory.GetFiles(folder));
        }
    }

    private static Lease Take(string folder, Shard shard, TimeSpan duration) => Lease.Take(folder, shard, duration, TestContext.Current.CancellationToken);

    private static void Write(string folder, int number, ProcessIdentity process, TimeSpan duration, int beats) => File.WriteAllText(
        Path.Combine(folder, $"0003-of-0008.lease.{number}"),
        FormattableString.Invariant($"owner\n{process.Machine}\n{process.Process}\n{process.Start}\n{duration.TotalSeconds:R}\n{beats}\n"));
}
