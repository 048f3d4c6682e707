using Mammo.Scoring;

namespace Mammo.Tests.Scoring.Engines;

public sealed class ProcessorCoresTests
{
    [Fact]
    public void Are_at_least_one_and_no_more_than_the_processors() => Assert.InRange(ProcessorCores.Count, 1, Environment.ProcessorCount);
}
