using Mammo.Archive.Shards;

namespace Mammo.Tests.Archive.Shards;

public sealed class InFlightTests
{
    private readonly string _folder = Shared.NewFolder();

    [Fact]
    public void What_an_attempt_left_open_is_known_and_only_one_that_was_alone_counts()
    {
        Leave("0/8", "a", "b");
        Leave("0/8", "a");
        Leave("0/4", "a", "ä\n\"");
        Leave("1/8", "z");
        using (var ended = new InFlight(_folder, Shard.Parse("0/8")))
            ended.Begin("c");
        var left = InFlight.Left(_folder, Shard.Parse("0/8"));
        Assert.Equal([("a", 1), ("b", 0), ("ä\n\"", 0)], left.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal(["z"], InFlight.Left(_folder, Shard.Parse("1/8")).Keys);
        InFlight.Forget(_folder, Shard.Parse("0/8"));
        Assert.Equal(["a", "ä\n\""], InFlight.Left(_folder, Shard.Parse("0/8")).Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Its_file_stays_small_and_a_torn_or_foreign_one_says_nothing()
    {
        var attempt = new InFlight(_folder, Shard.All);
        for (var image = 0; image < 5000; image++)
        {
            attempt.Begin($"image {image}");
            if (image > 0)
                attempt.End($"image {image - 1}");
        }

        var file = new FileInfo(Assert.Single(Directory.GetFiles(_folder)));
        Assert.InRange(file.Length, 1, 1 << 17);
        Assert.Equal([KeyValuePair.Create("image 4999", 1)], InFlight.Left(_folder, Shard.All));
        var bytes = File.ReadAllBytes(file.FullName);
        File.WriteAllBytes(file.FullName, bytes[..^3]);
        Assert.Equal(["image 4998", "image 4999"], InFlight.Left(_folder, Shard.All).Keys.Order(StringComparer.Ordinal));
        File.WriteAllText(file.FullName, "no line of it\n");
        Assert.Empty(InFlight.Left(_folder, Shard.All));
        attempt.Dispose();
    }

    // As a process leaves it that is killed: never disposed of.
    private void Leave(string shard, params string[] images)
    {
        var attempt = new InFlight(_folder, Shard.Parse(shard));
        foreach (var image in images)
            attempt.Begin(image);
    }
}
