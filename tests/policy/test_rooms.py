from odoo.addons.credit_collection.tools import rooms

from ..common import CreditCase


class TestRooms(CreditCase):
    def _switch(self, room, on):
        settings = self.env["res.config.settings"].create({f"group_credit_room_{room}": on})
        settings.execute()

    def test_every_room_is_switched_on_and_off_in_settings(self):
        for room in rooms.ROOMS:
            with self.subTest(room=room):
                self._switch(room, True)
                self.assertTrue(rooms.is_on(self.env, room))
                self._switch(room, False)
                self.assertFalse(rooms.is_on(self.env, room))

    def test_a_room_that_does_not_exist_is_named(self):
        with self.assertRaisesRegex(ValueError, "attic"):
            rooms.is_on(self.env, "attic")
