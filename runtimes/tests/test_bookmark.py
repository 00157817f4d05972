"""The bookmark's band logic, which needs neither Spark nor S3."""
import unittest

import found  # noqa: F401
from awsglue import bookmark
from awsglue.bookmark import BAND_MS, File, Session, between, choose, done

MINUTE = 60_000
T0 = 1_700_000_000_000


def put(name, at, etag="e"):
    return File(f"lake/{name}", 10, at, etag)


class Choosing(unittest.TestCase):
    def test_the_first_run_reads_everything_and_remembers_the_band(self):
        old, fresh = put("old", T0 - 60 * MINUTE), put("fresh", T0 - MINUTE)
        choice = choose([old, fresh], None, T0)
        self.assertEqual(choice.read, [old, fresh])
        self.assertEqual(choice.state, {"high": T0, "band": BAND_MS, "files": [["lake/fresh", T0 - MINUTE, "e"]]})

    def test_nothing_new_reads_nothing(self):
        files = [put("a", T0 - 60 * MINUTE), put("b", T0)]
        state = choose(files, None, T0).state
        self.assertEqual(choose(files, state, T0 + MINUTE).read, [])
        self.assertEqual(choose(files, state, T0 + 60 * MINUTE).read, [])

    def test_a_new_file_is_read_once(self):
        a, b = put("a", T0 - MINUTE), put("b", T0 + MINUTE)
        state = choose([a], None, T0).state
        second = choose([a, b], state, T0 + 2 * MINUTE)
        self.assertEqual(second.read, [b])
        self.assertEqual(choose([a, b], second.state, T0 + 3 * MINUTE).read, [])

    def test_a_file_that_showed_up_late_within_the_band_is_read(self):
        a, late = put("a", T0 - MINUTE), put("late", T0 - 2 * MINUTE)
        state = choose([a], None, T0).state
        self.assertEqual(choose([a, late], state, T0 + MINUTE).read, [late])

    def test_the_band_is_open_below_and_closed_above(self):
        state = choose([], None, T0).state
        edge, inside = put("edge", T0 - BAND_MS), put("inside", T0 - BAND_MS + 1)
        self.assertEqual(choose([edge, inside], state, T0 + MINUTE).read, [inside])

    def test_a_rewritten_object_is_read_again_also_within_the_same_second(self):
        first = put("a", T0, "one")
        state = choose([first], None, T0).state
        for again in (put("a", T0, "two"), put("a", T0 + 3, "one")):
            self.assertEqual(choose([again], state, T0 + MINUTE).read, [again])

    def test_an_object_put_in_the_very_millisecond_of_the_listing_comes_next_time(self):
        a, same = put("a", T0), put("b", T0)
        state = choose([a], None, T0).state
        self.assertEqual(choose([a, same], state, T0 + MINUTE).read, [same])

    def test_objects_stamped_ahead_of_our_clock_are_read_once(self):
        ahead = put("ahead", T0 + MINUTE)
        first = choose([ahead], None, T0)
        self.assertEqual(first.read, [ahead])
        self.assertEqual(choose([ahead], first.state, T0 + 2 * MINUTE).read, [])

    def test_a_clock_set_back_makes_nothing_new(self):
        a = put("a", T0 - 60 * MINUTE)
        state = choose([a], None, T0).state
        again = choose([a], state, T0 - 30 * MINUTE)
        self.assertEqual(again.read, [])
        self.assertEqual(again.state["high"], T0)

    def test_max_files_in_band_leaves_the_newest_for_later(self):
        files = [put(f"f{n}", T0 - 1000 + n) for n in range(5)]
        old = put("old", T0 - 60 * MINUTE)
        first = choose(files + [old], None, T0, files_in_band=3)
        self.assertEqual(first.read, files[:3] + [old])
        second = choose(files + [old], first.state, T0 + 60 * MINUTE, files_in_band=3)
        self.assertEqual(second.read, files[3:])

    def test_what_was_skipped_waits_while_the_band_is_full(self):
        files = [put(f"f{n}", T0 - 1000 + n) for n in range(5)]
        first = choose(files, None, T0, files_in_band=3)
        self.assertEqual(choose(files, first.state, T0 + MINUTE, files_in_band=3).read, [])

    def test_a_narrow_band_is_honoured(self):
        a = put("a", T0 - 2000)
        state = choose([a], None, T0, band_ms=1000).state
        self.assertEqual(state["files"], [])
        self.assertEqual(choose([a], state, T0 + 1, band_ms=1000).read, [])


class Sessions(unittest.TestCase):
    def answer(self, option, state=None, start=None, end=None):
        return {"option": f"job-bookmark-{option}", "state": state, "from": start, "to": end}

    def choose(self, session, files, context="src", now=T0):
        return session.choose(context, files, now, BAND_MS, 1000)

    def test_disabled_or_without_a_context_everything_is_read(self):
        files = [put("a", T0)]
        state = {"version": 1, "contexts": {"src": choose(files, None, T0).state}}
        self.assertEqual(self.choose(Session(self.answer("disable", state)), files), files)
        self.assertEqual(self.choose(Session(self.answer("enable", state)), files, ""), files)
        self.assertEqual(self.choose(Session(self.answer("enable", state)), files), [])

    def test_a_commit_keeps_the_contexts_of_others(self):
        other = {"high": 1, "band": 1, "files": []}
        session = Session(self.answer("enable", {"version": 1, "contexts": {"other": other}}))
        self.choose(session, [put("a", T0)])
        self.assertEqual(session.committed()["contexts"]["other"], other)
        self.assertIn("src", session.committed()["contexts"])

    def test_two_contexts_go_their_own_ways(self):
        files = [put("a", T0)]
        session = Session(self.answer("enable", {"version": 1, "contexts": {"one": choose(files, None, T0).state}}))
        self.assertEqual(self.choose(session, files, "one"), [])
        self.assertEqual(self.choose(session, files, "two"), files)

    def test_pause_reads_since_the_bookmark_and_never_writes(self):
        a, b = put("a", T0), put("b", T0 + MINUTE)
        session = Session(self.answer("pause", {"version": 1, "contexts": {"src": choose([a], None, T0).state}}))
        self.assertEqual(self.choose(session, [a, b], now=T0 + 2 * MINUTE), [b])
        self.assertFalse(session.writes)

    def test_pause_between_two_runs(self):
        a, b, c = put("a", T0), put("b", T0 + MINUTE), put("c", T0 + 2 * MINUTE)
        one = choose([a], None, T0).state
        two = choose([a, b], one, T0 + MINUTE).state
        wrap = lambda state: {"version": 1, "contexts": {"src": state}}
        session = Session(self.answer("pause", None, wrap(one), wrap(two)))
        self.assertEqual(self.choose(session, [a, b, c]), [b])
        self.assertEqual(between([a, b, c], None, two), [a, b])
        self.assertEqual(between([a, b, c], one, None), [])

    def test_a_second_commit_in_one_run_goes_on_from_the_first(self):
        files = [put("a", T0)]
        session = Session(self.answer("enable"))
        self.choose(session, files)
        session.settle()
        self.assertEqual(self.choose(session, files), [])

    def test_a_state_of_another_version_is_refused(self):
        with self.assertRaisesRegex(ValueError, "version 2"):
            Session(self.answer("enable", {"version": 2, "contexts": {}}))

    def test_an_empty_answer_is_disabled(self):
        self.assertFalse(Session({}).reads)

    def test_done(self):
        state = choose([put("a", T0)], None, T0).state
        self.assertTrue(done(put("a", T0), state))
        self.assertFalse(done(put("a", T0, "new"), state))
        self.assertTrue(done(put("x", T0 - 60 * MINUTE), state))
        self.assertFalse(done(put("x", T0), None))

    def test_states_are_plain_json(self):
        import json

        state = choose([put("a", T0)], None, T0).state
        self.assertEqual(json.loads(json.dumps(state)), state)
        self.assertEqual(bookmark.VERSION, 1)


if __name__ == "__main__":
    unittest.main()
