using CsCheck;
using Mammo.Archive.Shards;
using Mammo.Archive.Worklists;

namespace Mammo.Tests.Archive.Shards;

public sealed class ShardTests
{
    [Theory]
    [InlineData("0/8", 0)]
    [InlineData("7/8", 7)]
    [InlineData("8/8", 0)]
    [InlineData("1/1", 0)]
    public void Numbers_from_0_and_from_1_are_taken(string text, long index) => Assert.Equal(index, Shard.Parse(text).Index);

    [Theory]
    [InlineData("9/8")]
    [InlineData("/8")]
    [InlineData("3/")]
    [InlineData("3/0")]
    [InlineData("-1/8")]
    [InlineData("1/2/3")]
    [InlineData("1.5/8")]
    public void Others_are_an_error(string text) => Assert.Equal(ErrorIds.ArgumentInvalid, Assert.Throws<MammoException>(() => Shard.Parse(text)).ErrorId);

    /// <summary>Of any count each image has one shard, and files of shards that cannot share it are not opened.</summary>
    [Fact]
    public void Shards_divide_images_among_them() => Gen.Select(Gen.String, Gen.Int[1, 40], Gen.Int[1, 40]).Sample((identity, one, other) =>
    {
        var key = new byte[IdentityKey.Length];
        IdentityKey.Of(identity, key);
        Shard Of(int count) => Assert.Single(Enumerable.Range(0, count).Select(index => Shard.Parse($"{index}/{count}")), shard => shard.Contains(key));
        Assert.True(Of(one).MayShare(Of(other)));
        Assert.Equal(Of(one), Shard.OfFile(Of(one).Name + ".abc.jsonl"));
    });

    [Fact]
    public void Shards_of_one_count_share_nothing() => Assert.False(Shard.Parse("1/8").MayShare(Shard.Parse("5/8")));

    // Written down, so that no later version divides otherwise.
    [Fact]
    public void The_division_stays_as_it_is()
    {
        var key = new byte[IdentityKey.Length];
        IdentityKey.Of("1.2.840.113619.2.1", key);
        Assert.Equal("F7A5D3C758ECDE1F297250C62171C741", Convert.ToHexString(key));
    }
}
