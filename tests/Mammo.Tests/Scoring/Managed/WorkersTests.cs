using Mammo.Scoring.Managed;

namespace Mammo.Tests.Scoring.Managed;

/// <summary>Every item is done once, by workers of which no two are the same at a time, however often and however late they come.</summary>
public sealed class WorkersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_item_is_done_once(int count)
    {
        var workers = new Workers(count);
        for (var round = 0; round < 300; round++)
        {
            var (done, busy) = (new int[round % 40], new int[count]);
            workers.Run(done.Length, (item, worker) =>
            {
                Assert.Equal(1, Interlocked.Increment(ref busy[worker]));
                Interlocked.Increment(ref done[item]);
                if (item % 7 == 0)
                    Thread.Yield();
                Interlocked.Decrement(ref busy[worker]);
            });
            Assert.All(done, times => Assert.Equal(1, times));
        }
    }

    [Fact]
    public void What_an_item_throws_reaches_the_caller_and_the_next_job_runs()
    {
        var workers = new Workers(3);
        for (var round = 0; round < 50; round++)
        {
            Assert.Throws<InvalidTimeZoneException>(() => workers.Run(20, (item, _) =>
            {
                if (item == 11)
                    throw new InvalidTimeZoneException();
            }));
            var done = 0;
            workers.Run(20, (_, _) => Interlocked.Increment(ref done));
            Assert.Equal(20, done);
        }
    }
}
